// Cases through pages only, by whoever has the post for each step: from received to confirmed, refused, objected to; two at
// one case at once; in English.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

let site
let folder
let paper
before(async () => {
  site = await open()
  folder = mkdtempSync(join(tmpdir(), 'anmin-paper-'))
  paper = join(folder, 'paper.pdf')
  writeFileSync(paper, '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
})
after(async () => {
  await quit()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The cases of a state that an examiner sees: their pages and villages. */
async function cases(visitor, state) {
  await visitor.go(`/work?state=${state}`)
  return visitor.page.$$eval('tr[data-row]', (rows) => rows.map((row) => ({
    page: new URL(row.querySelector('[data-open]').href).pathname, village: row.cells[2].innerText.trim(), name: row.cells[1].innerText.trim(),
  })))
}

/** Who holds a duty of a case, as its page says. */
async function holder(visitor, page, duty) {
  await visitor.go(page)
  return visitor.page.$$eval('.case-facts > div', (all, wanted) =>
    all.find((one) => one.querySelector('dt').innerText.trim() === wanted)?.querySelector('dd').innerText.trim(), `${duty}承办`)
}

/** Opens the form of a step of a case. */
async function step(visitor, page, name) {
  await visitor.screen('desktop')
  await visitor.go(`${page}/steps/${name}`)
}

/** The same page after a form was sent: it is not loaded anew for another screen, which would send it again. */
async function fitSent(visitor, name) {
  await visitor.fit(name, ['desktop', 'counter'])
}

/** Sends the form one is at, and says that it was taken. */
async function send(visitor) {
  await visitor.press('提交', '.form-card')
  const text = await visitor.text()
  assert.ok(text.includes('已提交'), `${visitor.path}:\n${text.slice(0, 1500)}`)
}

async function days(visitor, count) {
  for (let n = 0; n < count; n += 1) await visitor.press('到下一天')
}

/** Somebody of the list of visitors or assignees, by the word in brackets; the first who is not ticked yet. */
async function tick(visitor, name, word) {
  const done = await visitor.page.evaluate(([field, wanted]) => {
    const all = [...document.querySelectorAll(`input[name="${field}"]`)].filter((one) => !one.checked)
    const found = all.find((one) => document.querySelector(`label[for="${one.id}"]`).textContent.includes(wanted))
    found?.click()
    return Boolean(found)
  }, [name, word])
  assert.ok(done, `nobody to tick says ${word} on ${visitor.path}`)
}

test('a case goes from received to confirmed, each step by its own hands', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('黄芳明')
  const [found] = await cases(visitor, 'received')
  const page = found.page
  let clerk = await holder(visitor, page, '受理')
  if (!clerk) {
    await step(visitor, page, 'assign')
    await visitor.fill({ 事由: '按片区分工' })
    await visitor.page.evaluate(() => {
      document.querySelector('select[name="with.duty"]').value = 'intake'
      const people = document.querySelector('select[name="with.person"]')
      people.value = [...people.options].find((one) => one.textContent.includes('窗口受理')).value
    })
    await send(visitor)
    clerk = await holder(visitor, page, '受理')
  }
  await visitor.as(clerk)
  await visitor.go(page)
  await visitor.fit('case-received')
  for (let n = 0; n < 6; n += 1) {
    await step(visitor, page, 'authorise')
    if (await visitor.count('input[name="with.subject"]') === 0) break
    await visitor.fill({ 核对授权书: paper })
    await send(visitor)
  }
  await step(visitor, page, 'accept')
  await visitor.fit('step-accept')
  await send(visitor)
  await visitor.sees('调查核对中')

  await visitor.as('黄芳明')
  await step(visitor, page, 'assign')
  await visitor.press('提交', '.form-card')
  await visitor.sees('请选择')
  await fitSent(visitor, 'step-assign-wrong')
  await visitor.page.evaluate(() => {
    document.querySelector('select[name="with.duty"]').value = 'investigate'
    const people = document.querySelector('select[name="with.person"]')
    people.value = [...people.options].find((one) => one.textContent.includes('入户调查')).value
  })
  await visitor.fill({ 事由: '按片区分工' })
  await send(visitor)
  const investigator = await holder(visitor, page, '调查')

  await visitor.as(investigator)
  await step(visitor, page, 'ask_check')
  await visitor.fill({ 存款: true, 纳税: true })
  await send(visitor)

  await visitor.as('核对员')
  await visitor.go('/waiting')
  await visitor.fit('waiting')
  await step(visitor, page, 'begin_check')
  await send(visitor)
  await step(visitor, page, 'report_check')
  for (const source of ['deposits', 'tax']) {
    await visitor.page.evaluate((wanted) => {
      const groups = [...document.querySelectorAll('fieldset')]
      const group = groups.find((one) => one.querySelector('legend').textContent.includes(wanted))
      group.querySelector('input[value="matches"]').click()
    }, { deposits: '存款', tax: '纳税' }[source])
  }
  await visitor.fill({ 核对报告: paper })
  await fitSent(visitor, 'step-report-check')
  await send(visitor)

  await visitor.as(investigator)
  await step(visitor, page, 'visit')
  await visitor.press('提交', '.form-card')
  await visitor.sees('请上传入户调查表')
  await tick(visitor, 'with.visitors', '入户调查')
  await visitor.fill({ 入户调查表: paper })
  await fitSent(visitor, 'step-visit')
  await send(visitor)
  await visitor.go(`${page}/facts`)
  await visitor.fit('record')
  await visitor.screen('desktop')
  const savings = await visitor.page.$$eval('select[name="which"] option', (all) => all.find((one) => one.textContent.includes('现金和存款')).value)
  await visitor.page.select('select[name="which"]', savings)
  await visitor.fill({ 内容: '321.50' })
  await visitor.press('记录', '.form-card')
  assert.equal(visitor.answer.status(), 422, 'what a visit saw has its form')
  const seen = await visitor.page.$$eval('select[name="evidence"] option', (all) => all.find((one) => one.textContent.includes('入户调查表')).value)
  await visitor.page.select('select[name="evidence"]', seen)
  await visitor.press('记录', '.form-card')
  await visitor.sees('已记录')
  await visitor.sees('1 项不一致')
  await visitor.sees('321.50 元')
  await step(visitor, page, 'conclude')
  await send(visitor)

  await visitor.go('/demo/people')
  const appraiser = await visitor.page.evaluate((village) => {
    const group = [...document.querySelectorAll('.people-group')].find((one) => one.querySelector('h2').textContent.includes('评议员'))
    const button = [...group.querySelectorAll('.person-button')].find((one) => one.textContent.includes(village))
    return button.textContent.trim().split(/\s/)[0]
  }, found.village)
  await visitor.as(appraiser)
  await visitor.go('/waiting')
  await step(visitor, page, 'appraise')
  await visitor.fill({ 到会人数: '9', '其中居（村）民代表': '6', 认为确有困难的人数: '8', 民主评议记录: paper })
  await fitSent(visitor, 'step-appraise')
  await send(visitor)

  await visitor.as('黄芳明')
  await visitor.go(page)
  await visitor.fit('case-concluded')
  await step(visitor, page, 'propose_grant')
  await visitor.fit('step-propose')
  await visitor.sees('规则建议')
  await send(visitor)
  await step(visitor, page, 'post')
  await visitor.fill({ '张贴时照片（只拍公示栏）': paper })
  await send(visitor)
  await step(visitor, page, 'take_down')
  await visitor.sees('次日起可以办理')
  await days(visitor, 8)
  await step(visitor, page, 'take_down')
  await visitor.fill({ '撤下时照片（只拍公示栏）': paper, 公示结果报告: paper })
  await send(visitor)
  await step(visitor, page, 'submit')
  await send(visitor)

  await visitor.as('县级复核')
  await step(visitor, page, 'spot_visit')
  await tick(visitor, 'with.visitors', '县级复核')
  await visitor.fill({ 入户调查表: paper })
  await send(visitor)
  await step(visitor, page, 'review')
  await visitor.fill({ 复核记录: paper })
  await send(visitor)

  await visitor.as('县级确认')
  await visitor.go(page)
  await visitor.fit('case-deciding')
  await step(visitor, page, 'confirm')
  await visitor.fit('step-confirm')
  await send(visitor)
  await visitor.sees('享受待遇')
  await visitor.fit('case-granted')
  await visitor.press('确认通知书')
  await visitor.fit('letter')
  await visitor.leave()
})

test('what is not accepted is told with its reason, delivered, and only then takes effect', async () => {
  const visitor = await Visitor.come(site)
  const examiner = '刘志晓'
  await visitor.as(examiner)
  const [{ page }] = await cases(visitor, 'received')
  const clerk = await holder(visitor, page, '受理')
  await visitor.as(clerk)
  await step(visitor, page, 'decline')
  await visitor.press('提交', '.form-card')
  await visitor.seesNot('已提交')
  await fitSent(visitor, 'step-decline-wrong')
  await visitor.press('常用语')
  await visitor.page.click('[data-phrase]')
  await send(visitor)
  await visitor.sees('不予受理待送达')
  await step(visitor, page, 'notify')
  await send(visitor)
  await visitor.as(examiner)
  await step(visitor, page, 'deliver')
  await visitor.fill({ 签收: true, 送达回证: paper })
  await send(visitor)
  await step(visitor, page, 'settle_decline')
  await send(visitor)
  await visitor.sees('不予受理')
  await visitor.fit('case-declined')
  await visitor.leave()
})

test('an objection while it is posted is looked into, answered, and the notice goes up anew', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('刘志晓')
  const [{ page }] = await cases(visitor, 'posted')
  const [clerk, investigator] = [await holder(visitor, page, '受理'), await holder(visitor, page, '调查')]
  const examiner = await holder(visitor, page, '审核')
  await visitor.as(clerk)
  await step(visitor, page, 'object')
  await visitor.fit('step-object')
  await visitor.fill({ 异议书或记录: paper })
  await send(visitor)
  await visitor.sees('公示有异议')
  await visitor.as(examiner)
  await step(visitor, page, 'answer_and_post_anew')
  await visitor.fill({ 不成立: true })
  await visitor.press('提交', '.form-card')
  await visitor.seesNot('已提交')
  await visitor.as(investigator)
  await step(visitor, page, 'visit')
  await tick(visitor, 'with.visitors', '入户调查')
  await visitor.fill({ 入户调查表: paper })
  await send(visitor)
  await visitor.as(examiner)
  await step(visitor, page, 'answer_and_post_anew')
  await visitor.fill({ 不成立: true })
  await send(visitor)
  await visitor.sees('拟确认待公示')
  await visitor.sees('异议答复书')
  await visitor.leave()
})

test('who comes second is told what was done meanwhile, and loses nothing that was typed', async () => {
  const one = await Visitor.come(site)
  const two = await Visitor.come(site)
  await one.as('黄芳明')
  const all = await cases(one, 'submitting')
  let page
  for (const found of all) if ((await holder(one, found.page, '审核')) === '黄芳明') page = found.page
  await two.as('黄芳明')
  await step(one, page, 'assign')
  await step(two, page, 'assign')
  for (const visitor of [one, two]) {
    await visitor.page.evaluate(() => {
      document.querySelector('select[name="with.duty"]').value = 'deliver'
      const people = document.querySelector('select[name="with.person"]')
      people.value = [...people.options].find((option) => option.textContent.includes('窗口受理')).value
    })
  }
  await one.fill({ 事由: '第一个窗口' })
  await two.fill({ 事由: '第二个窗口写的' })
  await send(one)
  await two.press('提交', '.form-card')
  await two.sees('他人已作了变更')
  await two.sees('指定承办人（黄芳明）')
  assert.equal(two.answer.status(), 409)
  assert.equal(await two.page.$eval('textarea[name="why"]', (area) => area.value.trim()), '第二个窗口写的')
  await fitSent(two, 'step-conflict')
  await send(two)
  await one.leave()
  await two.leave()
})

test('the page of a case in English, its whole explanation, a trial, a number shown', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('县级确认')
  const [{ page }] = await cases(visitor, 'deciding')
  await visitor.go(page)
  await visitor.press('English')
  await visitor.sees('What the rules say, and why')
  await visitor.fit('case-english')
  await visitor.press('The whole of it')
  await visitor.fit('explanation-english')
  await visitor.go(page)
  await visitor.press('中文')
  await visitor.press('如果…（试算）')
  await visitor.fit('trial')
  await visitor.screen('desktop')
  const which = await visitor.page.$$eval('select[name="which"] option', (all) => all.find((one) => one.textContent.includes('现金和存款')).value)
  await visitor.page.select('select[name="which"]', which)
  await visitor.fill({ 改为: '99999999' })
  await visitor.press('试算', '.form-card')
  await visitor.sees('不符合条件')
  await fitSent(visitor, 'trial-tried')
  await visitor.fill({ 改为: '很多' })
  await visitor.press('试算', '.form-card')
  assert.equal(visitor.answer.status(), 422)
  await visitor.go(page)
  await visitor.press('的完整身份证号（留痕）')
  await visitor.fill({ 查看事由: '电话核实' })
  await visitor.press('查看并留痕')
  assert.match(await visitor.text('.revealed'), /^\d{17}[\dX]$/)
  await fitSent(visitor, 'revealed')
  await visitor.go('/letters')
  await visitor.fit('letters')
  await visitor.leave()
})

test('the next case of the queue comes by itself', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('县级复核')
  const [first] = await cases(visitor, 'reviewing')
  await visitor.go(`${first.page}/steps/review?queue=all`)
  await visitor.fill({ 复核记录: paper })
  const pressed = await visitor.page.evaluate(() => document.querySelector('.form-card [data-hot]').textContent)
  assert.ok(pressed.includes('提交并办下一件'), pressed)
  await visitor.andThen(async () => {
    await visitor.page.focus('.form-card input[type="file"]')
    await visitor.page.keyboard.down('Control')
    await visitor.page.keyboard.press('Enter')
    await visitor.page.keyboard.up('Control')
  })
  await visitor.sees('这是下一件')
  assert.notEqual(new URL(visitor.page.url()).pathname, first.page)
  await visitor.leave()
})

test('forms are printed with what the case knows, one sheet of A4 each', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('黄芳明')
  let page
  let investigator
  for (const found of await cases(visitor, 'investigating')) {
    investigator = await holder(visitor, found.page, '调查')
    page = found.page
    if (investigator) break
  }
  await visitor.as(investigator)
  await visitor.go(page)
  await visitor.press('入户调查表', '.case-forms')
  await visitor.sees('入户所见')
  await visitor.fit('form-visit')
  await visitor.screen('desktop')
  const pages = (pdf) => [...Buffer.from(pdf).toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length
  assert.equal(pages(await visitor.page.pdf({ format: 'a4' })), 1)
  await visitor.go(`${page}/forms/check_sheet`)
  await visitor.fit('form-check')
  await visitor.go(`${page}/forms/approval_sheet`)
  await visitor.fit('form-approval')
  await visitor.go(`${page}/forms/delivery_sheet`)
  await visitor.go(`${page}/forms/hearing_sheet`)
  await visitor.fit('form-hearing')
  await visitor.as('县级确认')
  await visitor.go('/letters')
  await visitor.press('生成打印页')
  assert.ok((await visitor.count('.letter-sheet')) > 0)
  await fitSent(visitor, 'letters-printed')
  await visitor.leave()
})
