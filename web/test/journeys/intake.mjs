// The counter: a clerk enters an application from paper or from what is said, prints it, scans it back, hands it in.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64')
const scan = join(tmpdir(), `anmin-scan-${process.pid}.png`)
const liar = join(tmpdir(), `anmin-scan-liar-${process.pid}.pdf`)
const CLERK = '窗口受理'

let site
before(async () => {
  site = await open()
  writeFileSync(scan, PNG)
  writeFileSync(liar, '<svg onload="alert(1)">no scan at all</svg>')
})
after(async () => { await quit(); await site?.close() })

/** A number of a place that is not there, with its check digit. */
function number(body) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((all, weight, n) => all + weight * Number(body[n]), 0)
  return body + '10X98765432'[sum % 11]
}

async function clerk(how = {}) {
  const visitor = await Visitor.come(site, { screen: 'counter', ...how })
  await visitor.as(how.lang === 'en' ? 'Intake clerk' : CLERK)
  await visitor.go('/intake')
  return visitor
}

/** Begins for somebody whom nobody knows yet. Gives the address of the application. */
async function begin(visitor, name, id, proxy) {
  await visitor.go('/intake/begin')
  await visitor.fill({ 姓名: name, ...(id ? { 证件号码: id } : {}) })
  await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  if (proxy) await visitor.fill({ 别人代办: true, ...proxy })
  await visitor.press('开始填写')
  assert.match(visitor.path, /^\/intake\/[0-9a-f]{32}/, await visitor.text('main'))
  return visitor.path.split('?')[0]
}

const value = (visitor, ending) => visitor.page.$eval(`[name$="${ending}"]`, (one) => one.value)

/** Answers everything that stands empty on a screen: no, none, 0. */
async function answer(visitor, { head = '户主', others = '子女' } = {}) {
  await visitor.page.evaluate(({ head, others }) => {
    const no = /否$|没有|无|不在|户口在本地|一起生活|农村|健康|不领|不上学|没有工作|不靠/
    const form = document.querySelector('form.intake-form')
    for (const [n, card] of [...form.querySelectorAll('[data-card]')].entries()) {
      if (card.classList.contains('is-new') && ![...card.querySelectorAll('input')].some((one) => one.value && one.type === 'text')) continue
      const first = n === [...form.querySelectorAll('[data-card]')].findIndex((one) => one.getAttribute('aria-label') !== '全家')
      for (const field of card.querySelectorAll('select, input.form-control')) {
        if (field.value) continue
        if (field.tagName === 'SELECT') {
          const list = [...field.options].filter((option) => option.value)
          const wanted = /relation$/.test(field.name) ? new RegExp(first ? head : others) : no
          if (/(sex|document)$/.test(field.name)) continue
          field.value = (list.find((option) => wanted.test(option.textContent)) ?? list[0]).value
        } else if (field.type === 'date') {
          if (!/birth$/.test(field.name)) field.value = '2020-01-01'
        } else if (!/who\.|education/.test(field.name)) field.value = '0'
      }
    }
    for (const box of form.querySelectorAll('[name$=".nobody"]')) box.checked = true
  }, { head, others })
}

/** Goes through the whole form. */
async function through(visitor, look) {
  for (let n = 0; n < 30; n += 1) {
    if (!(await visitor.count('form.intake-form'))) return
    await answer(visitor)
    if (look) await look(n)
    await visitor.press('保存，下一部分')
    assert.notEqual(visitor.answer.status(), 422, `${visitor.path}\n${await visitor.text('#error-summary').catch(() => '')}`)
  }
  assert.fail('the form comes to no end')
}

test('a household of three by proxy, with the reader of cards: entered, printed, scanned, handed in, in the queue', async () => {
  const visitor = await clerk()
  await visitor.sees('窗口代录')
  await visitor.fit('intake-desk-empty')
  await visitor.screen('counter')
  // The card of who applies was sent along: it is read where one looks first.
  await visitor.andThen(() => visitor.page.click('[data-read-card]'))
  await visitor.sees('登记库里没有这个人')
  const name = await value(visitor, 'name')
  assert.ok(name.endsWith('示例'), name)
  assert.equal(visitor.path, '/intake', 'nobody stands in the address')
  await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  await visitor.fill({ 别人代办: true, 代办人姓名: '周代办', 代办人证件号码: number('99999919700707002'), 代办人电话: '13800005678', 凭什么代办: '委托书' })
  await visitor.fit('intake-begin')
  await visitor.screen('counter')
  await visitor.press('开始填写')
  await visitor.sees('代办：周代办')
  const here = visitor.path.split('?')[0]
  assert.match(here, /^\/intake\/[0-9a-f]{32}$/)
  assert.equal(await value(visitor, 'who.name'), name, 'what was read is not typed again')
  // Two more by their cards, in the two places that stand ready.
  for (const n of [0, 1]) {
    const cards = await visitor.page.$$('.intake-card.is-new [data-read-card]')
    await cards[n].click()
    await visitor.page.waitForFunction((at) => {
      const card = document.querySelectorAll('.intake-card.is-new')[at]
      return card.querySelector('[name$="who.number"]').value.length === 18
    }, {}, n)
  }
  await visitor.page.$eval('[name$="who.address"]', (one) => { one.value = '示例镇示例村8号' })
  await through(visitor, async (n) => {
    if (n < 3) { await visitor.fit(`intake-sheet-${n}`); await visitor.screen('counter') }
  })
  await visitor.sees('需要的材料')
  await visitor.sees('委托书或代办证明')
  // A file that is not what it says, then the scan.
  await visitor.fill({ 扫描件或照片: liar })
  await visitor.press('上传')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fit('intake-papers-wrong')
  await visitor.screen('counter')
  await visitor.fill({ 扫描件或照片: scan })
  await visitor.press('上传')
  await visitor.sees('扫描件已收')
  await visitor.fit('intake-papers')
  await visitor.screen('counter')
  await visitor.press('下一步：打印签字')
  await visitor.sees('未签')
  await visitor.press('打印申请表和授权书')
  await visitor.sees('代办人签名')
  await visitor.sees(name)
  await visitor.page.emulateMediaType('print')
  await visitor.shot('intake-print-paper')
  await visitor.page.pdf({ path: join(tmpdir(), `anmin-intake-${process.pid}.pdf`), format: 'A4' })
  await visitor.page.emulateMediaType('screen')
  await visitor.fit('intake-print')
  await visitor.screen('counter')
  await visitor.press('扫描签好的纸')
  await visitor.press('登记签字')
  assert.equal(visitor.answer.status(), 422, 'a scan is wanted')
  await visitor.fill({ 签好字的扫描件: scan })
  await visitor.press('登记签字')
  await visitor.sees('签字已登记')
  await visitor.go(`${here}/sign`)
  await visitor.sees('字都签齐了')
  await visitor.fit('intake-sign')
  await visitor.screen('counter')
  await visitor.go('/intake')
  await visitor.sees(name)
  await visitor.fit('intake-desk')
  await visitor.screen('counter')
  await visitor.go(`${here}/submission`)
  await visitor.fit('intake-hand-in')
  await visitor.screen('counter')
  await visitor.press('提交申请')
  await visitor.sees('申请已收件')
  await visitor.fit('intake-done')
  const told = await visitor.text('.panel strong')
  await visitor.go('/work?mine=true')
  await visitor.sees(told)
  await visitor.go(here)
  await visitor.sees('这份申请已经提交')
  visitor.quiet('the whole way')
  await visitor.leave()
})

test('what is there already is told before anything is typed', async () => {
  const visitor = await clerk()
  await visitor.press('查找')
  assert.equal(visitor.answer.status(), 422)
  await visitor.sees('请填证件号码或姓名')
  // A draft of the same name, then of the same number: one leads to the other.
  const id = number('99999919700808003')
  const here = await begin(visitor, '吴重名', id)
  await visitor.go('/intake')
  await visitor.fill({ 姓名: '吴重名' })
  await visitor.press('查找')
  await visitor.sees('本窗口已有一份没办完的')
  await visitor.fit('intake-already', ['counter', 'phone'])
  await visitor.fill({ 证件号码: id })
  await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  await visitor.press('开始填写')
  assert.equal(visitor.path.split('?')[0], here, 'the one that lies there')
  await visitor.sees('请接着填这一份')
  // Somebody of the register who has a case under way.
  await visitor.go('/work')
  const names = await visitor.page.$$eval('tbody tr', (rows) => rows.filter((row) => row.innerText.includes('已收件') || row.innerText.includes('核对')).map((row) => row.cells[1].textContent.trim()))
  let told = false
  for (const known of names.slice(0, 10)) {
    await visitor.go('/intake')
    await visitor.fill({ 姓名: known })
    await visitor.press('查找')
    told = (await visitor.text('main')).includes('已有一件在办')
    if (told) break
  }
  assert.ok(told, `a case under way is told: ${names}`)
  await visitor.sees('是哪一位')
  await visitor.fit('intake-known', ['counter', 'phone'])
  await visitor.leave()
})

test('whom the register has: their family and what is known stand there, and nothing is typed twice', async () => {
  const visitor = await clerk()
  await visitor.go('/work')
  const names = await visitor.page.$$eval('tbody tr td:nth-child(2)', (cells) => cells.map((cell) => cell.textContent.trim()))
  let found
  for (const name of [...new Set(names)].slice(0, 12)) {
    await visitor.go('/intake')
    await visitor.fill({ 姓名: name })
    await visitor.press('查找')
    if (await visitor.count('[name=who][type=radio]')) { found = name; break }
  }
  assert.ok(found, 'somebody of the queue is in the register')
  await visitor.page.$eval('[name=who]', (radio) => { radio.checked = true })
  if (!(await value(visitor, 'area'))) await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  await visitor.press('开始填写')
  await visitor.sees('登记库已有')
  assert.equal(await visitor.count('[name$="who.number"]') < 4, true)
  await visitor.fit('intake-register', ['counter', 'phone'])
  await visitor.leave()
})

test('what nobody means is told at its field, and nothing is lost or carried out', async () => {
  const visitor = await clerk()
  // A wrong check digit, read where one looks for them.
  await visitor.go('/intake/begin')
  await visitor.fill({ 姓名: '<script>alert("名")</script>', 证件号码: '999999194609150021' })
  await visitor.press('开始填写')
  assert.equal(visitor.answer.status(), 422)
  await visitor.sees('居住的村（社区）：')
  await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  await visitor.press('开始填写')
  assert.equal(visitor.answer.status(), 422)
  assert.equal(await value(visitor, 'name'), '<script>alert("名")</script>')
  assert.equal(await visitor.page.$$eval('main script', (all) => all.length), 0)
  await visitor.fit('intake-begin-wrong', ['counter', 'phone'])
  // A smile is in no name on a card; a rare character of four bytes is.
  await visitor.go('/intake/begin')
  await visitor.fill({ 姓名: '田😀', 证件号码: number('99999919600101006') })
  await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  await visitor.press('开始填写')
  await visitor.sees('姓名里不能有“😀”')
  const here = await begin(visitor, '𠮷田', number('99999919600101006'))
  await visitor.sees('𠮷田')
  const script = '<img src=x onerror=alert(1)>'
  await visitor.page.$$eval('form.intake-form input.form-control', (all, text) => {
    all.forEach((one) => { if (one.type === 'text') one.value = text })
  }, script)
  await visitor.press('保存，下一部分')
  assert.equal(visitor.answer.status(), 422)
  assert.ok((await visitor.page.$$eval('form.intake-form input', (all, text) => all.filter((one) => one.value === text).length, script)) > 3, 'what was typed is still there')
  assert.equal(await visitor.page.$$eval('main img', (all) => all.length), 0)
  await visitor.fit('intake-sheet-wrong', ['counter', 'phone'])
  // Two megabytes of a name: refused at the door, and the program goes on.
  const cookie = (await visitor.page.cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
  const answer = await fetch(`${site.base}/intake`, {
    method: 'POST', body: new URLSearchParams({ name: '长'.repeat(700_000) }), redirect: 'manual',
    headers: { cookie, origin: site.base, 'sec-fetch-site': 'same-origin' },
  })
  assert.equal(answer.status, 413)
  await visitor.go(here)
  await visitor.sees('𠮷田')
  // Kept for later: what is right, and no more.
  await visitor.press('存着，以后再填')
  await visitor.sees('本窗口没办完的申请')
  // Discarded, only on purpose.
  await visitor.go(`${here}/discard`)
  await visitor.press('删除这份申请', 'main form')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fill({ '确定，删除这份申请': true })
  await visitor.press('删除这份申请', 'main form')
  await visitor.sees('申请已经删除')
  await visitor.go(here)
  await visitor.sees('这份申请已经删除')
  await visitor.leave()
})

test('two clerks at one draft, a form that is sent twice, a session that ends', async () => {
  const visitor = await clerk()
  const here = await begin(visitor, '何两人', number('99999919600101005'))
  const other = await clerk()
  await other.go(here)
  await other.press('再加一人')
  await answer(visitor)
  await visitor.press('保存，下一部分')
  await visitor.go(`${here}?section=home`)
  // The other's form is of before: told, and what was typed is still there.
  await answer(other)
  await other.page.$eval('[name$="who.phone"]', (one) => { one.value = '13800009999' })
  await other.press('保存，下一部分')
  assert.equal(other.answer.status(), 409)
  assert.equal(await value(other, 'who.phone'), '13800009999')
  await other.fit('intake-stale', ['counter', 'phone'])
  await other.press('保存，下一部分')
  assert.notEqual(other.answer.status(), 409, 'now that it was looked at, it is taken')
  await other.leave()
  // Twice: once.
  await visitor.go(`${here}?section=home`)
  await answer(visitor)
  const fields = await visitor.page.$$eval('form.intake-form [name]', (all) => all.filter((one) => !/^(add|later)$/.test(one.name)).map((one) => [one.name, one.value]))
  const cookie = (await visitor.page.cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
  const send = () => fetch(visitor.page.url(), {
    method: 'POST', body: new URLSearchParams(fields), redirect: 'manual',
    headers: { cookie, origin: site.base, 'sec-fetch-site': 'same-origin' },
  })
  const [first, second] = [await send(), await send()]
  assert.deepEqual([first.status, second.status], [303, 303])
  // The session ends while a form is being filled in.
  await visitor.go(`${here}?section=income`)
  await answer(visitor)
  await visitor.page.$$eval('form.intake-form input[inputmode=decimal]', (all) => { all[0].value = '123.45' })
  await visitor.page.deleteCookie({ name: 'anmin', url: site.base })
  await visitor.press('保存，下一部分')
  assert.ok((await visitor.page.content()).includes('123.45'), 'what was typed is carried through signing in')
  await visitor.leave()
})

test('with the keyboard alone, and without a script', async () => {
  const visitor = await clerk()
  await visitor.page.focus('body')
  await visitor.andThen(() => visitor.page.keyboard.press('n'))
  assert.equal(visitor.path, '/intake/begin')
  await (await visitor.field('姓名')).focus()
  await visitor.page.keyboard.type('郑键盘')
  await visitor.page.keyboard.press('Enter')
  await visitor.page.keyboard.type(number('99999919550505001'))
  await visitor.page.keyboard.press('Enter')
  await visitor.page.keyboard.press('ArrowDown')
  await visitor.andThen(async () => {
    await visitor.page.keyboard.down('Control')
    await visitor.page.keyboard.press('Enter')
    await visitor.page.keyboard.up('Control')
  })
  assert.match(visitor.path, /^\/intake\/[0-9a-f]{32}/, await visitor.text('main'))
  // The first thing nobody has said has the focus; Enter goes on, a digit chooses.
  const focused = () => visitor.page.evaluate(() => document.activeElement.name ?? '')
  assert.match(await focused(), /who\.(phone|birth|sex)$/)
  for (let n = 0; n < 12 && !/relation$/.test(await focused()); n += 1) await visitor.page.keyboard.press('Enter')
  assert.match(await focused(), /relation$/)
  await visitor.page.keyboard.type('1')
  assert.equal(await visitor.page.evaluate(() => document.activeElement.value), 'head')
  await visitor.leave()
  const plain = await clerk({ script: false })
  const here = await begin(plain, '冯无脚本', number('99999919440404007'))
  await plain.page.$eval('[name$="values.relation"]', (one) => { one.value = 'head' })
  await plain.page.$eval('[name$="values.hukou"]', (one) => { one.value = 'local' })
  await plain.page.$eval('[name$="values.membership"]', (one) => { one.value = 'living_together' })
  await plain.press('保存，下一部分')
  assert.equal(plain.path, `${here}?section=home`)
  await plain.fit('intake-plain', ['phone'])
  await plain.leave()
})

test('no reader, no card on it: told plainly, and everything can be typed', async () => {
  const visitor = await clerk()
  await visitor.page.setRequestInterception(true)
  let status = 503
  visitor.page.on('request', (request) => {
    if (request.url().includes('/card-reader')) request.respond({ status, body: '' })
    else request.continue()
  })
  await visitor.page.click('[data-read-card]')
  await visitor.page.waitForFunction(() => document.querySelector('[data-card-said]').textContent.includes('没有连接读卡器'))
  status = 404
  await visitor.page.keyboard.press('F2')
  await visitor.page.waitForFunction(() => document.querySelector('[data-card-said]').textContent.includes('没有身份证'))
  await visitor.clean('a reader that is not there')
  await visitor.leave()
})

test('the same in English', async () => {
  const visitor = await clerk({ lang: 'en' })
  await visitor.sees('Counter intake')
  await visitor.go('/intake/begin')
  await visitor.fill({ Name: '秦英文', 'Identity number': number('99999919620202009') })
  await visitor.page.$eval('[name=area]', (list) => { list.value = list.options[1].value })
  await visitor.press('Begin', 'form.intake-form')
  await visitor.sees('Kept until')
  await visitor.fit('intake-english', ['counter', 'phone'])
  await visitor.leave()
})
