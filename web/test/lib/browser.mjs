// A browser as a person uses it: fields by their labels, buttons and links by their words. Every page that is looked at
// is checked: no violation that axe finds, nothing in the console, nothing wider than the screen.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'

const here = dirname(fileURLToPath(import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = join(here, '../../shots')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
export const SCREENS = { desktop: [1440, 900], counter: [1366, 768], phone: [390, 844] }

let browser

/** One browser for all tests of a file. */
export async function launch() {
  browser ??= await puppeteer.launch({
    executablePath: process.env.ANMIN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--lang=zh-CN', '--font-render-hinting=none'],
  })
  return browser
}

export async function quit() {
  await browser?.close()
  browser = undefined
}

export class Visitor {
  /** Somebody new, with no cookies. `lang` is what their browser says; `script: false` for a browser without. */
  static async come(site, { lang = 'zh-CN', script = true, screen = 'desktop' } = {}) {
    const context = await (await launch()).createBrowserContext()
    const page = await context.newPage()
    const visitor = new Visitor(site, context, page)
    await page.setExtraHTTPHeaders({ 'accept-language': lang })
    await page.setJavaScriptEnabled(script)
    visitor.script = script
    await visitor.screen(screen)
    page.on('console', (said) => {
      // A status that is shown as a page is no error of the page.
      if (said.type() === 'error' && !said.text().startsWith('Failed to load resource')) visitor.errors.push(said.text())
    })
    page.on('pageerror', (error) => visitor.errors.push(String(error)))
    page.on('requestfailed', (request) => {
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') visitor.errors.push(`${request.url()}: ${request.failure()?.errorText}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400 && response.url().includes('/assets/')) visitor.errors.push(`${response.status()} ${response.url()}`)
    })
    return visitor
  }

  constructor(site, context, page) {
    Object.assign(this, { site, context, page, errors: [] })
  }

  async leave() {
    await this.context.close()
  }

  async screen(name) {
    const [width, height] = SCREENS[name]
    // Only the size: to become a telephone in earnest would load the page again, and send its form a second time.
    await this.page.setViewport({ width, height })
  }

  async go(path) {
    this.answer = await this.page.goto(this.site.base + path, { waitUntil: 'load' })
    return this
  }

  get path() {
    const url = new URL(this.page.url())
    return url.pathname + url.search
  }

  /** Whatever is on the page, as one reads it. */
  async text(selector = 'body') {
    return this.page.$eval(selector, (element) => element.innerText)
  }

  async count(selector) {
    return (await this.page.$$(selector)).length
  }

  async sees(text) {
    const all = await this.text()
    assert.ok(all.includes(text), `"${text}" is not on ${this.path}:\n${all.slice(0, 1500)}`)
  }

  async seesNot(text) {
    assert.ok(!(await this.text()).includes(text), `"${text}" is on ${this.path}`)
  }

  /** Does something that leads to another page, and waits for it. */
  async andThen(act) {
    const [answer] = await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), act()])
    this.answer = answer
  }

  /** The control that a label names, in a form or on the whole page. */
  async field(label) {
    const found = await this.page.evaluateHandle((wanted) => {
      const said = (element) => element.textContent.replace(/\s+/g, ' ').trim()
      const labels = [...document.querySelectorAll('label')]
      const label = labels.find((one) => said(one) === wanted) ?? labels.find((one) => said(one).startsWith(wanted))
      return label ? document.getElementById(label.htmlFor) ?? label.querySelector('input, select, textarea') : null
    }, label)
    const element = found.asElement()
    assert.ok(element, `no field is called "${label}" on ${this.path}`)
    return element
  }

  /** Fills a form in, by labels: text is typed, `true` ticks a box or a radio, a list is chosen from by its words. */
  async fill(fields) {
    for (const [label, value] of Object.entries(fields)) {
      const element = await this.field(label)
      const kind = await element.evaluate((one) => (one.tagName === 'SELECT' ? 'select' : one.type))
      if (kind === 'select') {
        const chosen = await element.evaluate((one, wanted) =>
          [...one.options].find((option) => option.textContent.trim() === wanted || option.value === wanted)?.value, value)
        assert.notEqual(chosen, undefined, `"${label}" has no "${value}"`)
        await element.select(chosen)
      } else if (kind === 'checkbox' || kind === 'radio') {
        if ((await element.evaluate((one) => one.checked)) !== value) await element.evaluate((one) => one.click())
      } else if (kind === 'file') {
        await element.uploadFile(...[value].flat())
      } else if (kind === 'date') {
        await element.evaluate((one, day) => { one.value = day; one.dispatchEvent(new Event('input', { bubbles: true })) }, value)
      } else {
        await element.evaluate((one) => { one.value = '' })
        await element.type(String(value))
      }
    }
  }

  /** Presses a button or follows a link by its words, and waits for the page it leads to. */
  async press(words, within = 'body') {
    const found = await this.page.evaluateHandle(([wanted, inside]) => {
      const said = (element) => (element.getAttribute('aria-label') ?? element.textContent).replace(/\s+/g, ' ').trim()
      const all = [...document.querySelectorAll(inside)].flatMap((part) => [...part.querySelectorAll('button, a, summary')])
      const seen = all.filter((one) => one.getClientRects().length)
      return seen.find((one) => said(one) === wanted) ?? seen.find((one) => said(one).includes(wanted)) ?? null
    }, [words, within])
    const element = found.asElement()
    assert.ok(element, `nothing to press says "${words}" on ${this.path}:\n${(await this.text()).slice(0, 800)}`)
    if (await element.evaluate((one) => one.tagName === 'SUMMARY' || (one.tagName === 'BUTTON' && one.type === 'button'))) {
      return element.evaluate((one) => one.click())
    }
    await this.andThen(() => element.evaluate((one) => one.click()))
  }

  /** Signs in as somebody of a demonstration: the first whose role or name says so. */
  async as(words) {
    await this.go('/demo/people')
    const found = await this.page.evaluateHandle((wanted) => {
      const groups = [...document.querySelectorAll('.people-group')]
      const group = groups.find((one) => one.querySelector('h2').textContent.includes(wanted))
      const buttons = [...(group ?? document).querySelectorAll('.person-button')]
      return group ? buttons[0] : buttons.find((one) => one.textContent.includes(wanted)) ?? null
    }, words)
    const element = found.asElement()
    assert.ok(element, `nobody is called "${words}"`)
    await this.andThen(() => element.evaluate((one) => one.click()))
    return this
  }

  /** Keeps a picture of the page, for people to look at. */
  async shot(name, { whole = true } = {}) {
    mkdirSync(shots, { recursive: true })
    await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole })
  }

  /** What every page must be: clean for axe, quiet, and no wider than the screen. On each of these screens. */
  async fit(name, screens = ['desktop', 'counter', 'phone']) {
    // How a page looks does not hang on the database: on the second one, one look is enough.
    const brief = Boolean(process.env.ANMIN_WEB_POSTGRES)
    for (const screen of brief ? screens.slice(-1) : screens) {
      await this.screen(screen)
      if (!brief) await this.shot(`${name}-${screen}`)
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(wide <= 0, `${name} on ${screen} is ${wide} pixels too wide`)
      if (this.script && !brief) await this.clean(`${name} on ${screen}`)
    }
    const size = (await this.page.content()).length
    assert.ok(size < 100_000, `${name} has ${size} bytes`)
    this.quiet(name)
  }

  async clean(name) {
    // The policy of our pages lets no script in that is not ours: axe comes by the browser itself.
    await this.page.evaluate(axe)
    const found = await this.page.evaluate(async (rules) => {
      const result = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map((node) => `${node.html.slice(0, 200)} ${node.any[0]?.message ?? ''}`).join('\n    ')}`)
    }, RULES)
    assert.deepEqual(found, [], `axe finds on ${name}:\n${found.join('\n')}`)
  }

  quiet(name) {
    assert.deepEqual(this.errors, [], `the console on ${name}`)
    assert.deepEqual(this.site.faults, [], `the log on ${name}`)
  }
}
