// What pages do besides: nothing that they cannot do without it. Keys, focus, folding, reading aloud, and htmx.
import 'htmx.org'
import './intake.js'

const one = (selector, from = document) => from.querySelector(selector)
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const keep = (name, value) => {
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`
}

// What is wrong is what is read first.
function focus() {
  const summary = one('#error-summary')
  if (summary) return summary.focus()
  const first = one('[autofocus]')
  if (first) first.focus()
}

// Lines of a table: J and K move, X ticks, Enter opens.
const rows = () => all('tr[data-row]')
const here = () => rows().findIndex((row) => row.classList.contains('is-here'))
function move(by) {
  const list = rows()
  if (!list.length) return
  const at = here()
  const to = Math.min(Math.max(at < 0 ? 0 : at + by, 0), list.length - 1)
  list.forEach((row, n) => row.classList.toggle('is-here', n === to))
  list[to].scrollIntoView({ block: 'nearest' })
  const link = one('[data-open]', list[to])
  if (link) link.focus({ preventScroll: true })
}
function tick() {
  const box = here() < 0 ? null : one('input[type=checkbox]', rows()[here()])
  if (box) box.click()
}

const writes = (element) =>
  element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) &&
  !/^(checkbox|radio|button|submit)$/.test(element.type)

document.addEventListener('keydown', (event) => {
  // Whoever is choosing a Chinese character is writing, whatever the key.
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return
  if (event.key === 'Enter' && event.ctrlKey) {
    const form = event.target.closest('form')
    const button = form && (one('[data-hot]', form) || one('button[type=submit]', form))
    if (button) {
      event.preventDefault()
      button.click()
    }
    return
  }
  if (event.ctrlKey || writes(event.target)) return
  const does = {
    '/': () => one('[data-search]')?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    n: () => one('[data-new]')?.click(),
  }[event.key.length === 1 ? event.key.toLowerCase() : '']
  if (does) {
    event.preventDefault()
    does()
  }
})

// The side bar folds at once; without a script the button asks for the page anew.
document.addEventListener('click', (event) => {
  const fold = event.target.closest('[data-fold]')
  if (fold) {
    event.preventDefault()
    const folded = document.body.classList.toggle('folded')
    keep('anmin_side', folded ? '1' : '0')
    fold.setAttribute('aria-expanded', String(!folded))
    fold.value = folded ? '0' : '1'
  }
  const read = event.target.closest('[data-read]')
  if (read) speak(read)
  // A menu closes when something else is pressed.
  all('details.menu[open]').filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false })
})

// Reading aloud, where the browser has a voice for the language of the page.
function speak(button) {
  const voice = window.speechSynthesis
  if (voice.speaking) {
    voice.cancel()
    button.setAttribute('aria-pressed', 'false')
    return
  }
  const words = new SpeechSynthesisUtterance(one('main').innerText)
  words.lang = document.documentElement.lang
  words.onend = () => button.setAttribute('aria-pressed', 'false')
  button.setAttribute('aria-pressed', 'true')
  voice.speak(words)
}
if ('speechSynthesis' in window) all('[data-read]').forEach((button) => { button.hidden = false })

// A page is printed as it stands.
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-print]')) window.print()
})

// Ticked lines are counted, and all of a page are ticked at once.
all('form[data-chosen]').forEach((form) => {
  const boxes = [...form.elements].filter((one) => one.type === 'checkbox' && one.name === 'cases')
  const whole = one('[data-tick-all]', form)
  const told = one('[data-ticked]', form)
  const plain = told.textContent
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length
    told.textContent = ticked ? told.dataset.ticked.replace('{n}', ticked) : plain
    one('input', whole).checked = ticked === boxes.length
    boxes.forEach((box) => box.closest('tr').classList.toggle('is-ticked', box.checked))
  }
  whole.hidden = false
  one('input', whole).addEventListener('change', (event) => {
    boxes.forEach((box) => { box.checked = event.target.checked })
    count()
  })
  boxes.forEach((box) => box.addEventListener('change', count))
  count()
})

// Long work goes on by itself; its button stays for whoever has no script.
all('form[data-onward]').forEach((form) => {
  const button = one('[data-hot]', form)
  setTimeout(() => button.click(), 400)
})

// A phrase goes where one was writing last, or into the first text of its form.
let written
document.addEventListener('focusin', (event) => { if (event.target.tagName === 'TEXTAREA') written = event.target })
const say = (phrase) => {
  const form = phrase.closest('form')
  const into = written && form.contains(written) ? written : one('textarea', form)
  if (!into) return
  into.value += (into.value && !into.value.endsWith('\n') ? '\n' : '') + phrase.textContent
  into.dispatchEvent(new Event('input', { bubbles: true }))
  into.focus()
}
all('[data-phrase]').forEach((phrase) => {
  phrase.tabIndex = 0
  phrase.setAttribute('role', 'button')
  phrase.addEventListener('click', () => say(phrase))
  phrase.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    say(phrase)
  })
})

// A form is sent once, however often its button is pressed. Its key sees to that too; this is for the eye.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = '1'
  const button = event.submitter
  if (button) setTimeout(() => button.setAttribute('aria-disabled', 'true'))
})
// A page that comes back from the browser's memory can be sent again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) all('form[data-sent]').forEach((form) => { delete form.dataset.sent })
})

// What was filled in and not sent is asked about before it is left.
document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-care]')
  if (form) form.dataset.changed = '1'
})
window.addEventListener('beforeunload', (event) => {
  if (all('form[data-changed]').some((form) => !form.dataset.sent)) event.preventDefault()
})

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', focus)
else focus()
