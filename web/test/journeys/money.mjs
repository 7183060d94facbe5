// The money of a month by those whose work it is: from the month that waits to the account of a resident, with what comes
// back, a bank's file that does not fit, and the month after from its closing.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

let site
let folder
before(async () => {
  site = await open('real')
  folder = mkdtempSync(join(tmpdir(), 'anmin-money-'))
})
after(async () => {
  await quit()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What an address gives to whoever is signed in, kept as a file. */
async function keep(visitor, path, name) {
  const cookies = await visitor.page.cookies()
  const answer = await fetch(site.base + path, { headers: { cookie: cookies.map((one) => `${one.name}=${one.value}`).join('; ') } })
  assert.equal(answer.status, 200, path)
  const file = join(folder, name)
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
  return file
}

/** The page of a batch in this month. */
async function batch(visitor, month) {
  await visitor.go(`/money?period=${month}`)
  return visitor.page.$$eval('.money-table [data-open]', (all) => new URL(all.at(-1).href).pathname)
}

async function step(visitor, who, page, button, fields = {}) {
  await visitor.as(who)
  await visitor.screen('desktop')
  await visitor.go(page)
  await visitor.press(button, '.money-doing')
  await visitor.fill(fields)
  await visitor.press(button, '.form-card')
}

/** The names of all who have a post. */
async function people(visitor, role) {
  await visitor.go('/demo/people')
  return visitor.page.$$eval('.people-group', (groups, wanted) => [...groups]
    .filter((group) => group.querySelector('h2').textContent.includes(wanted))
    .flatMap((group) => [...group.querySelectorAll('.person-button strong')].map((one) => one.textContent.trim())), role)
}

const looked = { '我已核对': true }

test('a month goes through the hands of three to the bank and back', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('资金复核')
  await visitor.go('/')
  await visitor.sees('等您办理')
  await visitor.sees('复核2026年9月的批次')
  await visitor.fit('money')
  const page = await batch(visitor, '2026-09')
  await visitor.go(page)
  await visitor.sees('等资金复核人员复核')
  await visitor.fit('money-batch')
  for (const [list, word] of [['roster', '大写'], ['movements', '变动合计'], ['stops', ''], ['arrears', ''], ['totals', '大写'], ['request', '应到账日']]) {
    await visitor.go(`${page}/lists/${list}`)
    await visitor.sees(word)
    await visitor.fit(`money-${list}`)
    await keep(visitor, `${page}/sheets/${list}`, `${list}.xlsx`)
    await visitor.page.emulateMediaType('print')
    await visitor.page.setViewport({ width: 660, height: 950 })
    assert.ok((await visitor.text()).includes('核对码'), `${list} on paper says of which batch it is`)
    await visitor.shot(`money-${list}-paper`)
    await visitor.page.emulateMediaType('screen')
  }
  await visitor.screen('desktop')
  await visitor.go(page)
  await visitor.press('复核', '.money-doing')
  await visitor.press('复核', '.form-card')
  await visitor.sees('请先核对名册')
  await visitor.fit('money-check', ['desktop', 'counter'])
  await visitor.fill(looked)
  await visitor.press('复核', '.form-card')
  await visitor.sees('已复核，交签批')
  assert.equal(await visitor.count('.money-doing .btn-primary'), 0, 'who checked does not sign')

  await step(visitor, '资金签批', page, '签批', looked)
  await visitor.sees('已签批')
  await step(visitor, '资金编制', page, '报财政')
  await visitor.sees('已登记报财政')
  await visitor.as('资金复核')
  await visitor.go(page)
  await visitor.press('登记财政支付', '.money-doing')
  await visitor.press('登记财政支付', '.form-card')
  await visitor.sees('支付凭证号')
  await visitor.fill({ 支付凭证号: '拨字第9号', 支付日期: '2026-09-01' })
  await visitor.fit('money-treasury', ['desktop', 'counter'])
  await visitor.press('登记财政支付', '.form-card')
  await visitor.sees('等银行回盘')
  await visitor.fit('money-batch-paid')

  // A file that does not fit is refused whole, and says which row and what to do.
  await visitor.screen('desktop')
  await visitor.press('导入银行回盘', '.money-doing')
  await visitor.fit('money-answer')
  await visitor.screen('desktop')
  await visitor.press('核对文件')
  await visitor.sees('请选择回盘文件')
  for (const [says, wrong] of [['extra', '本批次没有序号'], ['digits', '4.6E+17']]) {
    await visitor.fill({ 回盘文件: await keep(visitor, `${page}/demo-answer?says=${says}`, `${says}.xlsx`) })
    await visitor.press('核对文件')
    await visitor.sees('整个文件没有导入')
    await visitor.sees(wrong)
    await visitor.fit(`money-answer-${says}`, ['desktop', 'counter'])
  }
  await visitor.fill({ 回盘文件: await keep(visitor, `${page}/demo-answer?says=returned`, 'returned.xlsx') })
  await visitor.press('核对文件')
  await visitor.sees('文件与本批次相符')
  await visitor.sees('账户已销户')
  await visitor.fit('money-preview', ['desktop', 'counter'])
  await visitor.press('确认导入')
  await visitor.sees('回盘已导入')
  await visitor.sees('退票 1 笔')
  await visitor.go(`${page}/returned`)
  await visitor.sees('账户尚未更正')
  await visitor.fit('money-returned')
  await visitor.leave()
})

test('from a line to the article and the visitors, in two steps', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('资金签批')
  const page = await batch(visitor, '2026-08')
  await visitor.go(`${page}/lists/roster`)
  await visitor.press('第 3 笔')
  await visitor.fit('money-line')
  await visitor.screen('desktop')
  await visitor.press('为什么发')
  await visitor.sees('法律依据')
  await visitor.sees('入户调查')
  await visitor.sees('最低生活保障')
  await visitor.sees('资金岗位不能查看')
  assert.equal(await visitor.count('a[href^="/cases/"]'), 0, 'who handles money has no way into a case')
  await visitor.fit('money-trail')
  const trail = visitor.path
  await visitor.as('县级确认')
  await visitor.screen('desktop')
  await visitor.go(trail)
  await visitor.press('打开案件')
  assert.match(visitor.path, /^\/cases\//)
  await visitor.leave()
})

test('an account is corrected by two people and the money paid again; the one it is for sees it', async () => {
  const resident = await Visitor.come(site, { screen: 'phone' })
  const visitor = await Visitor.come(site)
  // Somebody whose money came back, in whichever town, with a clerk who has their case.
  const examiners = await people(visitor, '乡镇审核')
  let [back, examiner, clerk] = []
  for (examiner of examiners) {
    await visitor.as(examiner)
    await visitor.go('/accounts')
    const found = await visitor.page.$$eval('tr[data-row]', (rows) => rows.map((row) => ({
      name: row.cells[0].innerText.trim(), page: new URL(row.querySelector('[data-open]').href).pathname, more: row.cells[3].innerText,
    })))
    back = found.find((one) => one.more.includes('退回'))
    if (back) break
  }
  assert.ok(back, 'somebody waits for another account')
  const { name } = back
  await visitor.fit('money-accounts')
  await visitor.screen('desktop')
  await visitor.go(back.page.replace('/accounts', ''))
  await visitor.press('收款账户', '.case-side')
  await visitor.sees('正在使用')
  await visitor.go(back.page.replace('/accounts', ''))
  clerk = await visitor.page.$$eval('.case-facts > div', (all) =>
    all.find((one) => one.querySelector('dt').innerText.trim() === '受理承办')?.querySelector('dd').innerText.trim())
  assert.ok(clerk, 'a granted case has a clerk')
  await visitor.as(clerk)
  await visitor.go(back.page)
  await visitor.press('录入', '.money-columns')
  await visitor.sees('错误')
  await visitor.fill({ 账号: '0000 8888 8888 8817', 再输一遍账号: '0000888888888817', 开户银行: '示例农商银行' })
  await visitor.fit('money-account-enter')
  await visitor.screen('desktop')
  await visitor.press('录入', 'form .buttons')
  await visitor.sees('等另一人确认')
  await visitor.as(examiner)
  await visitor.go('/accounts')
  await visitor.sees('待确认')
  await visitor.go(back.page)
  await visitor.press('核对确认')
  await visitor.fit('money-account-confirm')
  await visitor.screen('desktop')
  await visitor.press('一致，确认')
  await visitor.sees('已确认')
  await visitor.fit('money-account')
  // Whose account it is hears of it where they were reached before.
  await resident.go('/demo/phones')
  await resident.press(name)
  await resident.sees('收款账户已改为尾号 8817')
  await visitor.screen('desktop')
  for (let n = 0; n < 3; n += 1) await visitor.press('到下一天')

  await visitor.as('资金编制')
  const month = await batch(visitor, '2026-08')
  const pages = [month, await batch(visitor, '2026-09')]
  let again
  for (const page of pages) {
    await visitor.go(`${page}/returned`)
    if (!(await visitor.text()).includes('可以补发')) continue
    await visitor.press('补发', '.page-actions')
    await visitor.press('补发退票', '.form-card')
    await visitor.sees('批次已编制')
    await visitor.fit('money-again', ['desktop', 'counter'])
    await visitor.press('查看批次')
    again = new URL(visitor.page.url()).pathname
    break
  }
  assert.ok(again, 'what came back can be paid again')
  await step(visitor, '资金复核', again, '复核', looked)
  await step(visitor, '资金签批', again, '签批', looked)
  await step(visitor, '资金编制', again, '报财政')
  await step(visitor, '资金复核', again, '登记财政支付', { 支付凭证号: '拨字第10号', 支付日期: '2026-09-02' })
  await visitor.press('导入银行回盘', '.money-doing')
  await visitor.fill({ 回盘文件: await keep(visitor, `${again}/demo-answer?says=paid`, 'paid.xlsx') })
  await visitor.press('核对文件')
  await visitor.press('确认导入')
  await visitor.sees('已办结')
  await visitor.leave()
  await resident.leave()
})

test('a resident sees what was paid, how it was worked out, and nobody else', async () => {
  const visitor = await Visitor.come(site, { screen: 'phone' })
  await visitor.as('陈志强')
  await visitor.go('/')
  await visitor.press('我的发放')
  await visitor.sees('已到账')
  await visitor.sees('这个数怎么来的')
  await visitor.fit('my-payments')
  await visitor.page.setViewport({ width: 390, height: 844 })
  await visitor.press('长辈版')
  await visitor.go('/my/payments')
  await visitor.fit('my-payments-elder')
  await visitor.leave()
  const other = await Visitor.come(site, { screen: 'phone', lang: 'en' })
  await other.as('王桂兰')
  await other.go('/my/payments')
  await other.sees('Nothing was paid yet')
  await other.fit('my-payments-none')
  await other.leave()
})

test('the month after is closed by townships and the county, and prepared', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('乡镇审核')
  await visitor.go('/money')
  await visitor.press('截止', 'table')
  await visitor.fit('money-close-township')
  await visitor.screen('desktop')
  await visitor.press('确认截止')
  await visitor.sees('已截止')
  await visitor.as('资金编制')
  await visitor.go('/money')
  await visitor.fit('money-open')
  await visitor.screen('desktop')
  await visitor.press('截止', 'table')
  await visitor.sees('没有截止')
  await visitor.fit('money-close')
  await visitor.screen('desktop')
  await visitor.press('确认截止')
  await visitor.press('编制批次')
  await visitor.fit('money-prepare')
  await visitor.screen('desktop')
  await visitor.press('编制', '.form-card')
  await visitor.sees('批次已编制')
  await visitor.sees('本次未列入')
  await visitor.fit('money-prepared', ['desktop', 'counter'])
  await visitor.press('查看批次')
  await visitor.press('退回重编', '.money-doing')
  await visitor.press('退回重编', '.form-card')
  await visitor.sees('请写明为什么退回')
  await visitor.fill({ 退回原因: '金额需核对' })
  await visitor.press('退回重编', '.form-card')
  await visitor.sees('已退回作废')
  await visitor.fit('money-voided')
  await visitor.leave()
})

test('in English, without a script', async () => {
  const visitor = await Visitor.come(site, { lang: 'en', script: false })
  await visitor.as('Fund preparer')
  await visitor.go('/money?period=2026-08')
  await visitor.sees('Batches')
  await visitor.fit('money-english')
  await visitor.go(`${await batch(visitor, '2026-08')}/lists/totals`)
  await visitor.sees('In capitals')
  await visitor.seesNot('Stopped')
  await visitor.fit('money-totals-english')
  await visitor.leave()
})
