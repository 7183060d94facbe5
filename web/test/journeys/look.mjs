// The first pages, as everybody sees them: clean, quiet and no wider than the screen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

let site
before(async () => { site = await open() })
after(async () => { await quit(); await site?.close() })

test('the first page, the tour and the page of signing in fit every screen', async () => {
  const visitor = await Visitor.come(site)
  for (const [name, path] of [['home', '/'], ['tour', '/demo'], ['people', '/demo/people'], ['sign-in', '/sign-in'], ['enrol-first', '/enrol/first'], ['nowhere', '/nix']]) {
    await visitor.go(path)
    await visitor.fit(name)
  }
  await visitor.leave()
})

test('the bar of a demonstration goes on a day and becomes somebody, on any page', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { script })
    await visitor.go('/demo')
    const day = await visitor.text('.demo-bar')
    await visitor.press('到下一天')
    assert.equal(visitor.path, '/demo')
    assert.notEqual((await visitor.text('.demo-bar')).match(/\d+年\d+月\d+日/)[0], day.match(/\d+年\d+月\d+日/)[0])
    await visitor.press('换身份')
    await visitor.fit(`demo-bar${script ? '' : '-without-script'}`, ['counter', 'phone'])
    await visitor.press('窗口受理', '.demo-bar')
    assert.equal(visitor.path, '/work?mine=true')
    await visitor.sees('窗口受理')
    await visitor.leave()
  }
})

test('a clerk finds the queue, fifteen lines of it on a small screen', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('乡镇审核')
  assert.equal(visitor.path, '/work?mine=true')
  await visitor.sees('待我办理')
  await visitor.go('/work')
  await visitor.fit('queue')
  await visitor.screen('counter')
  const seen = await visitor.page.$$eval('tr[data-row]', (rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length)
  assert.ok(seen >= 15, `${seen} lines are seen at once`)
  await visitor.leave()
})

test('the queue is queried, sorted, and gone through page by page, without a script too', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { script })
    await visitor.as('乡镇审核')
    await visitor.go('/work')
    const column = (n) => visitor.page.$$eval(`tr[data-row] td:nth-child(${n})`, (cells) => cells.map((cell) => cell.textContent.trim()))
    const numbers = await column(1)
    assert.equal(numbers.length, 25)
    await visitor.press('下一页')
    const more = await column(1)
    assert.ok(more.length && more.every((number) => !numbers.includes(number)))
    await visitor.press('第一页')
    assert.deepEqual(await column(1), numbers)
    await visitor.press('收件日期', 'thead')
    assert.equal(visitor.path, '/work?order=received')
    const days = await column(7)
    assert.deepEqual(days, [...days].sort())
    await visitor.press('收件日期', 'thead')
    const latest = await column(7)
    assert.deepEqual(latest, [...latest].sort().reverse())
    assert.equal(await visitor.page.$eval('th[aria-sort]', (head) => head.getAttribute('aria-sort')), 'descending')
    // A name stands in no address.
    await visitor.go('/work')
    const name = (await column(2))[0]
    await visitor.fill({ '姓名、拼音、证件号或编号': name })
    await visitor.press('查询')
    assert.equal(visitor.path, '/work')
    assert.deepEqual([...new Set(await column(2))], [name])
    await visitor.press('重置')
    await visitor.fill({ 环节: '享受待遇', '姓名、拼音、证件号或编号': '9999-0000' })
    await visitor.press('查询')
    assert.match(visitor.path, /^\/work\?state=\w+&number=9999-0000$/)
    await visitor.sees('没有符合条件的案件')
    await visitor.fit(`queue-empty${script ? '' : '-without-script'}`, ['counter'])
    await visitor.leave()
  }
})

test('relatives are declared once, however often the button is pressed', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { script })
    await visitor.as(script ? '入户调查' : '窗口受理')
    await visitor.press('近亲属申报')
    const before = await visitor.count('tbody tr')
    await visitor.press('申报', 'main')
    assert.equal(visitor.answer.status(), 422)
    await visitor.sees('关系：请选择一项。')
    await visitor.fit(`kin-wrong${script ? '' : '-without-script'}`)
    await visitor.screen('desktop')
    await visitor.fill({ 关系: '配偶', 姓名: '李某', 身份证号: '990100198501011236' })
    if (script) await visitor.andThen(() => visitor.page.evaluate(() => { const one = document.querySelector('[data-hot]'); one.click(); one.click() }))
    else await visitor.press('申报', 'main')
    await visitor.sees('已申报。')
    assert.equal(await visitor.count('tbody tr'), before + 1)
    await visitor.page.goBack()
    await visitor.leave()
  }
})

test('a resident sees their own cases, where they are and who has them', async () => {
  const visitor = await Visitor.come(site, { screen: 'phone' })
  await visitor.as('居民')
  await visitor.go('/my/cases')
  await visitor.sees('由谁办理')
  await visitor.fit('my-cases')
  await visitor.leave()
})
