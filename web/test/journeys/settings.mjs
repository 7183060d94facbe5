// Language, larger letters, the side bar: by a button each, with a script and without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

let site
before(async () => { site = await open() })
after(async () => { await quit(); await site?.close() })

test('the language is chosen on any page and stays', async () => {
  const visitor = await Visitor.come(site)
  await visitor.go('/sign-in?next=/work')
  await visitor.sees('动态口令')
  await visitor.press('English')
  assert.equal(visitor.path, '/sign-in?next=%2Fwork')
  assert.equal(await visitor.page.$eval('html', (html) => html.lang), 'en')
  await visitor.sees('The six digits that your authenticator shows')
  await visitor.fit('sign-in-english')
  await visitor.as('Investigator')
  await visitor.sees('My work')
  await visitor.fit('queue-english')
  await visitor.press('中文')
  await visitor.sees('我的待办')
  await visitor.leave()
})

test('a browser that says English is spoken to in English', async () => {
  const visitor = await Visitor.come(site, { lang: 'en-GB' })
  await visitor.go('/')
  await visitor.sees('Civil affairs, in plain words')
  await visitor.leave()
})

test('in the elder mode letters have 18 pixels and more, and what is pressed 60', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { screen: 'phone', script })
    await visitor.as('居民')
    await visitor.go('/my/cases')
    await visitor.press('长辈版')
    assert.equal(visitor.path, '/my/cases')
    for (const path of ['/my/cases', '/', '/sign-in', '/enrol/first']) {
      await visitor.go(path)
      const small = await visitor.page.evaluate(() => {
        const seen = (one) => one.getClientRects().length && !one.closest('.visually-hidden, .skip')
        const letters = [...document.querySelectorAll('body *')].filter((one) => seen(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
        const targets = [...document.querySelectorAll('button, .btn, input:not([type=hidden]):not([type=radio]), select, .choice, .tabs a')].filter((one) => seen(one) && !one.closest('.demo-bar'))
        return [
          ...letters.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 18).map((one) => `letters: ${one.textContent.slice(0, 40)}`),
          ...targets.filter((one) => one.getBoundingClientRect().height < 60).map((one) => `target: ${one.outerHTML.slice(0, 80)} ${one.getBoundingClientRect().height}`),
        ]
      })
      assert.deepEqual(small, [], `${path}: ${small.join('\n')}`)
    }
    await visitor.go('/my/cases')
    await visitor.fit(`my-cases-elder${script ? '' : '-without-script'}`)
    await visitor.press('普通版')
    await visitor.sees('长辈版')
    await visitor.leave()
  }
})

test('the side bar folds, stays folded, and folds without a script', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { script })
    await visitor.as('入户调查')
    const folded = () => visitor.page.$eval('body', (body) => body.classList.contains('folded'))
    assert.equal(await folded(), false)
    if (script) await visitor.page.click('[data-fold]')
    else await visitor.andThen(() => visitor.page.click('[data-fold]'))
    assert.equal(await folded(), true)
    await visitor.go('/work')
    assert.equal(await folded(), true)
    await visitor.fit(`queue-folded${script ? '' : '-without-script'}`, ['counter'])
    await visitor.leave()
  }
})

test('keys move through the queue, open a line and search, and never while a character is being chosen', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('乡镇审核')
  const here = () => visitor.page.$$eval('tr[data-row]', (rows) => rows.findIndex((row) => row.classList.contains('is-here')))
  await visitor.page.keyboard.press('j')
  await visitor.page.keyboard.press('j')
  await visitor.page.keyboard.press('k')
  assert.equal(await here(), 0)
  await visitor.page.evaluate(() => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', isComposing: true, bubbles: true })))
  assert.equal(await here(), 0)
  await visitor.page.keyboard.press('/')
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'search')
  await visitor.page.keyboard.type('j/k')
  assert.equal(await visitor.page.$eval('#search', (one) => one.value), 'j/k')
  assert.equal(await here(), 0)
  await visitor.leave()
})
