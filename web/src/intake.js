// The counter: Enter goes on from field to field, a reader of cards fills name and number in, the receipt prints at once.
const one = (selector, from = document) => from.querySelector(selector)
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const seen = (element) => element.getClientRects().length > 0
const fields = (form) => all('input, select, textarea', form).filter((field) => !field.disabled && field.type !== 'hidden' && seen(field))

// Enter goes on; after the last field it sends. Whoever is choosing a Chinese character is writing.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
  const field = event.target
  const form = field.closest?.('form[data-enter]')
  if (!form || !/^(INPUT|SELECT)$/.test(field.tagName) || /^(file|submit|button)$/.test(field.type)) return
  event.preventDefault()
  const list = fields(form)
  const next = list.slice(list.indexOf(field) + 1).find((other) => other.type !== 'radio' || other.checked || other.name !== field.name)
  if (next) {
    next.focus()
    if (next.select && next.type !== 'file') next.select()
  } else {
    one('[data-hot]', form)?.focus()
  }
})

// What a number says is not asked: birth and sex stand there for who has none.
function tidy(card) {
  const number = one('[name$=".who.number"]', card)
  if (!number) return
  const said = /^\d{17}[\dXx]$/.test(number.value.trim())
  for (const field of all('[name$=".who.birth"], [name$=".who.sex"]', card)) {
    const line = field.closest('.intake-line')
    if (line) line.hidden = said && !field.value && !field.classList.contains('is-invalid')
  }
}
all('[data-card]').forEach(tidy)
document.addEventListener('input', (event) => {
  const card = event.target.closest?.('[data-card]')
  if (card && event.target.name?.endsWith('.who.number')) tidy(card)
})

// A form that is opened begins at the first thing that was not said.
for (const form of all('form[data-first]')) {
  if (one('#error-summary')) break
  const empty = fields(form).find((field) => !/^(checkbox|radio|file)$/.test(field.type) && !field.value)
  if (empty) empty.focus({ preventScroll: true })
}

// Who came in the applicant's place is asked where somebody did.
for (const part of all('[data-proxy]')) {
  const form = part.closest('form')
  const look = () => { part.hidden = one('input[name=came]:checked', form)?.value !== 'proxy' }
  all('input[name=came]', form).forEach((radio) => radio.addEventListener('change', look))
  look()
}

// The reader of cards (docs/card-reader.md).
const WAIT = 3500
const buttons = all('[data-read-card]')
buttons.forEach((button) => { button.hidden = false })

async function read(address) {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), WAIT)
  try {
    const answer = await fetch(address, { signal: stop.signal, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' })
    if (answer.status === 404) return { said: 'away' }
    if (!answer.ok) return { said: 'none' }
    return { card: await answer.json() }
  } catch (error) {
    return { said: error.name === 'AbortError' ? 'slow' : 'none' }
  } finally {
    clearTimeout(timer)
  }
}

// In a demonstration another card lies on the reader each time.
function where(form) {
  const address = form.dataset.reader
  if (!address.startsWith('/')) return address
  const before = Number(sessionStorage.getItem('anmin_card') ?? -1) + 1
  sessionStorage.setItem('anmin_card', before)
  return `${address}?n=${(before * 37 + 30) % 900}`
}

function put(button, card) {
  const form = button.closest('form')
  const from = button.closest('[data-card]') ?? form
  const field = (name) => one(`[name="${name}"]`, from) ?? one(`[name$=".${name}"]`, from)
  const write = (name, text) => {
    const into = field(name)
    if (!into || typeof text !== 'string') return
    into.value = text.slice(0, 100)
    into.dispatchEvent(new Event('input', { bubbles: true }))
  }
  write(button.dataset.name, card.name)
  write(button.dataset.number, card.id)
  const typed = one('input[name=who][value=new]', form)
  if (typed && button.dataset.number === 'number') typed.checked = true
  return field(button.dataset.number)
}

async function press(button) {
  const form = button.closest('form')
  const said = one('[data-card-said]', form)
  if (button.dataset.busy) return
  button.dataset.busy = '1'
  const answer = await read(where(form))
  const card = answer.card
  delete button.dataset.busy
  if (!card || typeof card.id !== 'string') {
    said.textContent = said.dataset[answer.said ?? 'none']
    return
  }
  const number = put(button, card)
  const over = card.valid_to && card.valid_to < (form.dataset.today ?? new Date().toISOString().slice(0, 10))
  said.textContent = said.dataset[over ? 'over' : 'read']
  if ('then' in button.dataset && !over) return one('[data-hot]', form)?.click()
  number?.focus()
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-read-card]')
  if (button) press(button)
})
document.addEventListener('keydown', (event) => {
  if (event.key !== 'F2' || event.isComposing) return
  const card = document.activeElement?.closest('[data-card]')
  const button = (card && one('[data-read-card]', card)) ?? all('[data-read-card]').find(seen)
  if (!button) return
  event.preventDefault()
  press(button)
})

// The receipt prints at once, and once.
if (one('[data-print-now]')) {
  const mark = `printed ${location.pathname}`
  if (!sessionStorage.getItem(mark)) {
    sessionStorage.setItem(mark, '1')
    window.addEventListener('load', () => window.print())
  }
}
