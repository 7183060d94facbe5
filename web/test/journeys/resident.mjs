// Somebody's own affairs on a telephone: checking before they apply, applying, seeing how it stands, handing in what is
// missing, explaining, objecting, reading a decision. Mostly without a script, as on an old telephone.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

const PHONE = ['phone']
// The smallest picture there is: one grey point.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64')
const picture = join(tmpdir(), `anmin-paper-${process.pid}.png`)
const liar = join(tmpdir(), `anmin-liar-${process.pid}.png`)

let site
const where = new Map()
before(async () => {
  site = await open()
  writeFileSync(picture, PNG)
  writeFileSync(liar, '<svg onload="alert(1)">no picture at all</svg>')
})
after(async () => { await quit(); await site?.close() })

/** Residents of the demonstration by the state of their first case, looked up once. */
async function people() {
  if (where.size) return where
  const visitor = await Visitor.come(site, { script: false })
  await visitor.go('/demo/people')
  const names = await visitor.page.$$eval('.people-group', (groups) => {
    const group = groups.find((one) => one.querySelector('h2').textContent.includes('居民'))
    return [...group.querySelectorAll('.person-button')].map((one) => one.textContent.replace(/\s+/g, ' ').trim())
  })
  for (const name of names) {
    await visitor.as(name)
    await visitor.go('/my/cases')
    const states = await visitor.page.$$eval('.case-card', (cards) => cards.map((card) => card.querySelector('.tag')?.textContent.trim()))
    const state = states[0] ?? '没有'
    where.set(state, [...(where.get(state) ?? []), name])
  }
  await visitor.leave()
  return where
}

/** A visitor who is the nth resident whose case is in this state, at the page of the case. */
async function at(state, how = {}, n = 0) {
  const name = (await people()).get(state)?.[n]
  assert.ok(name, `nobody's case is ${state}: ${[...where.keys()]}`)
  const visitor = await Visitor.come(site, { screen: 'phone', script: false, ...how })
  await visitor.as(name)
  await visitor.go('/my/cases')
  if (state !== '没有') await visitor.andThen(() => visitor.page.$eval('.case-card h3 a', (link) => link.click()))
  return visitor
}

/** Answers whatever a page asks: the first choice that says no, else the first; numbers as given. */
async function answer(visitor, { number = '0', words = '张三', prefer = /没有|否$|不在|都不是|户主|本地|一起生活|农村|自己|无/ } = {}) {
  await visitor.page.$$eval('fieldset', (groups, source) => {
    const wanted = new RegExp(source)
    for (const group of groups) {
      const radios = [...group.querySelectorAll('input[type=radio]')]
      if (!radios.length || radios.some((one) => one.checked)) continue
      const says = (one) => document.querySelector(`label[for="${one.id}"]`).textContent.trim()
      ;(radios.find((one) => wanted.test(says(one))) ?? radios[0]).checked = true
    }
  }, prefer.source)
  for (const field of await visitor.page.$$('main input.form-control')) {
    const { type, value, name } = await field.evaluate((one) => ({ type: one.type, value: one.value, name: one.name }))
    if (value || type === 'file' || /birth|sex|phone|address|number|list/.test(name)) continue
    if (type === 'date') await field.evaluate((one) => { one.value = '2020-01-01' })
    else await field.type(/name/.test(name) ? words : number)
  }
}

/** Sends the form of a page twice, as a finger that presses twice does. */
async function twice(visitor, more) {
  const fields = await visitor.page.$$eval('main form input[type=hidden]', (all) => all.map((one) => [one.name, one.value]))
  const cookie = (await visitor.page.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const send = async () => {
    const answer = await fetch(visitor.page.url(), {
      method: 'POST', redirect: 'manual', body: new URLSearchParams([...fields, ...Object.entries(more)]),
      headers: { cookie, origin: site.base, 'sec-fetch-site': 'same-origin' },
    })
    return { status: answer.status, to: answer.headers.get('location') }
  }
  return [await send(), await send()]
}

test('checking first: a question a page, back and forth, nothing in the address, never a no', async () => {
  const visitor = await Visitor.come(site, { screen: 'phone', script: false })
  await visitor.go('/')
  await visitor.press('先看看能不能申请')
  await visitor.sees('您家住在哪里')
  await visitor.press('下一题')
  await visitor.sees('请填写此项')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fit('check-wrong', PHONE)
  await visitor.fill({ 青禾镇: true })
  await visitor.press('下一题')
  await visitor.sees('一起生活的有几口人')
  for (const nonsense of ['4000000000', '-3', '<script>alert(1)</script>', '很多']) {
    await visitor.fill({ 一起生活的有几口人: nonsense })
    await visitor.press('下一题')
    assert.equal(visitor.answer.status(), 422, nonsense)
  }
  await visitor.fill({ 一起生活的有几口人: '1' })
  await visitor.press('下一题')
  await visitor.fit('check-question', PHONE)
  await visitor.press('回到上一题')
  assert.equal(await (await visitor.field('一起生活的有几口人')).evaluate((one) => one.value), '1')
  await visitor.press('下一题')
  let asked = 2
  while ((await visitor.text()).includes('这里不问姓名') && asked < 40) {
    await answer(visitor, { number: (await visitor.text()).includes('多大年纪') ? '72' : '0' })
    await visitor.press('下一题')
    asked += 1
  }
  assert.ok(asked < 40, 'the questions end')
  assert.equal(visitor.path, '/check/dibao', 'nothing stands in the address')
  await visitor.sees('随时都可以申请')
  await visitor.fit('check-result')
  await visitor.press('从头再来')
  await visitor.sees('第 1 题')
  await visitor.leave()
})

test('checking first with much income is still no refusal', async () => {
  const visitor = await Visitor.come(site, { screen: 'phone', script: false })
  await visitor.go('/check/dibao')
  await visitor.fill({ 青禾镇: true })
  await visitor.press('下一题')
  await visitor.fill({ 一起生活的有几口人: '1' })
  await visitor.press('下一题')
  for (let n = 0; n < 40 && (await visitor.text()).includes('这里不问姓名'); n += 1) {
    await answer(visitor, { number: '90000', prefer: /单位上班/ })
    await visitor.press('下一题')
  }
  await visitor.sees('随时都可以申请')
  await visitor.seesNot('不能申请')
  await visitor.press('去申请')
  await visitor.sees('身份证号码')
  await visitor.leave()
})

test('applying on a telephone without a script, from the first question to the number', async () => {
  const visitor = await at('没有', {}, 0).catch(() => at('已撤回'))
  await visitor.go('/apply/dibao')
  await visitor.fit('apply-begin', PHONE)
  await visitor.press('开始填写')
  await visitor.sees('还不能开始')
  await visitor.fit('apply-tasks')
  const here = visitor.path
  await visitor.press('继续')
  await visitor.fit('apply-list', PHONE)
  // A name with everything in it that breaks careless programs, then a real one.
  await visitor.press('还有人，再加一行')
  await visitor.fill({ '第 1 个人': '<script>alert("x")</script>' })
  await visitor.press('保存，下一步')
  assert.ok([200, 422].includes(visitor.answer.status()))
  assert.equal(await visitor.page.$$eval('main script', (found) => found.length), 0)
  await visitor.go(here)
  let pages = 0
  for (; pages < 80; pages += 1) {
    await visitor.go(here)
    const next = await visitor.page.$eval('.buttons a.btn-primary', (link) => ({ text: link.textContent.trim(), href: link.getAttribute('href') }))
    if (!next.href.includes('/pages/')) break
    await visitor.go(next.href)
    const before = await visitor.page.$$eval('[name^="list["]', (fields) => fields.map((one) => one.value))
    if (before.length) {
      await visitor.page.$eval('[name="list[0].name"]', (one) => {
        const nobody = document.querySelector('[name=nobody]')
        if (nobody && !one.value) nobody.checked = true
        else if (!one.value || one.value.includes('<')) one.value = '王建国'
      })
    }
    // Of the others in the household names show in part: one of them is the head's spouse, not another head.
    const other = (await visitor.text('h1')).includes('*')
    await answer(visitor, other ? { prefer: /配偶|没有|否$|不在|都不是|本地|一起生活|无/ } : {})
    if (pages === 3) await visitor.fit('apply-page', PHONE)
    await visitor.press('保存，下一步')
    assert.notEqual(visitor.answer.status(), 422, `${next.text}\n${await visitor.text()}`)
  }
  assert.ok(pages < 80, 'the questions end')
  await visitor.go(here)
  // A paper, and one that is not what it says.
  const paper = await visitor.page.$$eval('.tasks a', (links) => links.map((one) => one.getAttribute('href')).find((href) => href.includes('/papers/')))
  if (paper) {
    await visitor.go(paper)
    await visitor.fill({ 拍照或选择文件: liar })
    await visitor.press('交上去')
    assert.equal(visitor.answer.status(), 422)
    await visitor.fit('apply-paper-wrong', PHONE)
    await visitor.fill({ 拍照或选择文件: picture })
    await visitor.press('交上去')
    await visitor.sees('照片收到了')
    await visitor.sees('第 1 张')
    await visitor.fit('apply-paper', PHONE)
  }
  for (let n = 0; n < 3; n += 1) {
    await visitor.go(here)
    const next = await visitor.page.$eval('.buttons a.btn-primary', (link) => link.getAttribute('href'))
    if (!next.includes('/sign/')) break
    await visitor.go(next)
    await visitor.press('签字')
    assert.equal(visitor.answer.status(), 422)
    await visitor.fill({ 我看清楚了: true })
    if (n === 0) await visitor.fit('apply-sign', PHONE)
    await visitor.press('签字')
    await visitor.sees('签好了')
  }
  await visitor.go(`${here}/look`)
  await visitor.fit('apply-look')
  await visitor.press('提交申请')
  await visitor.sees('申请已经提交')
  await visitor.sees('受理编号')
  await visitor.fit('apply-handed-in')
  await visitor.go(here)
  assert.ok(visitor.path.startsWith('/my/cases/'), 'an application that was handed in is a case')
  await visitor.leave()
})

test('how a case stands: where, since when, who has it, by which day', async () => {
  const visitor = await at('调查核对中', { script: true })
  for (const words of ['办到哪一步', '现在由谁办', '什么时候有结果', '给您的信', '打电话']) await visitor.sees(words)
  await visitor.fit('my-case')
  await visitor.press('办理经过')
  await visitor.fit('my-history')
  await visitor.leave()
})

test('what is missing is handed in by photograph, and twice is once', async () => {
  const visitor = await at('待补正')
  await visitor.sees('还缺这些材料')
  await visitor.fit('my-case-missing', PHONE)
  await visitor.press('补交材料')
  await visitor.press('提交')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fill({ 拍照或选择文件: liar })
  await visitor.press('提交')
  assert.equal(visitor.answer.status(), 422)
  await visitor.sees('PDF')
  await visitor.fill({ 拍照或选择文件: picture, 要说明的话: '户口簿在儿子那里，𠮷日寄来😀' })
  await visitor.fit('my-supply', PHONE)
  await visitor.press('提交')
  await visitor.sees('已经提交')
  await visitor.sees('已收件')
  await visitor.press('我交的材料')
  await visitor.fit('my-papers', PHONE)
  await visitor.leave()
})

test('a decision is explained: what, why, which figures, how to contest it', async () => {
  for (const [state, name] of [['享受待遇', 'my-decision'], ['不予确认', 'my-refusal']]) {
    const visitor = await at(state)
    const decision = await visitor.page.$$eval('.links a', (links) => links.map((one) => one.getAttribute('href')).find((href) => href.includes('/decisions/')))
    assert.ok(decision, `no decision on ${visitor.path}`)
    await visitor.go(decision)
    await visitor.sees('如果您不同意')
    await visitor.fit(name)
    await visitor.press('我不同意，怎么办')
    await visitor.sees('要写什么')
    await visitor.fit(`${name}-contest`, PHONE)
    await visitor.leave()
  }
})

/** Calls the JSON interface as whoever is signed in there. */
async function call(visitor, path, sent, more) {
  const cookie = (await visitor.page.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { cookie, origin: site.base, 'content-type': 'application/json', ...more }
  return fetch(`${site.base}/api/v1${path}`, { headers, method: sent ? 'POST' : 'GET', body: sent && JSON.stringify(sent) })
}

/** Does something in a resident's case over the JSON interface, as the first of a role who may. */
async function staffDoes(visitor, role, id, command, path, body) {
  const { version, course } = await (await call(visitor, `/cases/${id}`)).json()
  const staff = await Visitor.come(site, { script: false })
  await staff.go('/demo/people')
  const people = await staff.page.$$eval('.people-group', (groups) => groups.flatMap((group) => [...group.querySelectorAll('form')].map((form) => ({
    role: group.querySelector('h2').textContent, person: form.querySelector('[name=person]').value, name: form.textContent.replace(/\s+/g, ' ').trim(),
  }))))
  let told = ''
  for (const who of people.filter((one) => one.role.includes(role))) {
    await staff.as(who.name)
    const { key } = await (await call(staff, '/request-keys', { command })).json()
    const done = await call(staff, `/cases/${id}/${path}`, { version, ...body(course, people, who) }, { 'x-anmin-request': key })
    if (done.ok) { await staff.leave(); return }
    told += `${who.name}: ${await done.text()}\n`
  }
  await staff.leave()
  assert.fail(`nobody of ${role} could ${command}: ${told}`)
}

test('what a check found otherwise is explained, and contested', async () => {
  const visitor = await at('调查核对中')
  const here = visitor.path
  const id = here.split('/').pop()
  const evidence = [{ kind: 'check_report', reference: 'check-report-1' }]
  await staffDoes(visitor, '乡镇审核', id, 'assign', 'commands', (course, people, who) => {
    const place = who.name.split(' ').pop()
    const { person } = people.find((one) => one.role.includes('入户调查') && one.name.endsWith(place))
    return { command: { command: 'assign', person, duty: 'investigate' }, why: '按片区分工' }
  })
  const step = (role, id, name, body) => staffDoes(visitor, role, id, name, `steps/${name}`, body)
  await step('入户调查', id, 'ask_check', (course) => ({ with: { act: 'ask_check', subjects: course.authorities.map((one) => one.subject), sources: ['vehicles'] } }))
  await step('核对员', id, 'report_check', () => ({ with: { act: 'report_check', check: 1, answers: [{ source: 'vehicles', answer: 'differs' }] }, evidence }))
  await step('入户调查', id, 'tell_result', () => ({ with: { act: 'tell_result' } }))
  await visitor.go(here)
  await visitor.sees('现在需要您做的')
  await visitor.sees('请您在这天以前办')
  await visitor.fit('my-case-explain', PHONE)
  await visitor.press('说明情况')
  await visitor.press('提交')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fill({ 车辆: true, '情况是怎样的': '这辆车三年前就卖了，😀 𠮷先生买的。<script>alert(1)</script>', 拍照或选择文件: picture })
  await visitor.fit('my-explain')
  await visitor.press('提交')
  await visitor.sees('您的说明我们收到了')
  await visitor.press('办理经过')
  await visitor.sees('本人说明')
  await visitor.leave()
})

test('letters are read and printed', async () => {
  const visitor = await at('享受待遇', { script: true })
  await visitor.press('确认通知书', '.links')
  await visitor.fit('my-letter')
  await visitor.leave()
})

test('withdrawing asks whether one is sure, and says what follows', async () => {
  const visitor = await at('已收件')
  await visitor.press('撤回申请')
  await visitor.press('撤回申请', 'form')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fit('my-withdraw', PHONE)
  const [first, second] = await twice(visitor, { sure: 'true' })
  assert.equal(first.status, 303)
  assert.deepEqual(second, first, 'the same form sent again is done once and leads to the same page')
  await visitor.go(first.to)
  await visitor.sees('申请已经撤回')
  await visitor.sees('已撤回')
  await visitor.leave()
})

test('a neighbour objects to what is posted, and learns nothing of the case', async () => {
  let visitor
  for (const names of (await people()).values()) {
    for (const name of names) {
      visitor = await Visitor.come(site, { screen: 'phone', script: false })
      await visitor.as(name)
      await visitor.go('/notices')
      if ((await visitor.text()).includes('提出不同意见')) break
      await visitor.leave()
      visitor = undefined
    }
    if (visitor) break
  }
  assert.ok(visitor, 'nothing is posted anywhere')
  await visitor.fit('notices')
  await visitor.press('提出不同意见')
  await visitor.fill({ 您有什么不同意见: '他家去年在县城买了房。' })
  await visitor.fit('notice-object', PHONE)
  const notice = visitor.path.split('/').pop()
  await visitor.press('提交')
  await visitor.sees('您的意见我们收到了')
  await visitor.leave()
  assert.match(notice, /^[0-9a-f]{32}$/)
})

test('one own data: who looked, the telephone corrected, somebody to help', async () => {
  const visitor = await at('调查核对中', { script: true })
  await visitor.go('/my/data')
  await visitor.fit('my-data')
  await visitor.press('更正电话和地址')
  await visitor.fill({ 电话: '不是号码' })
  await visitor.press('保存')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fill({ 电话: '010-00000321' })
  await visitor.fit('my-contact', PHONE)
  await visitor.press('保存')
  await visitor.sees('更正好了')
  await visitor.go('/my/access')
  await visitor.fit('my-access')
  await visitor.go('/my/help')
  await visitor.fill({ '他（她）的姓名': '没有这个人', '他（她）的身份证号码': '110101199003070000' })
  await visitor.press('请他（她）帮忙')
  assert.ok(visitor.answer.status() >= 400)
  await visitor.fit('my-help', PHONE)
  await visitor.leave()
})

test('the elder mode: letters of 23 pixels, targets of 60, on every page of a case', async () => {
  const visitor = await at('调查核对中', { script: true })
  const pages = [visitor.path, '/check/dibao', '/apply/dibao', '/my/data', '/my/applications']
  await visitor.press('长辈版')
  for (const [n, path] of pages.entries()) {
    await visitor.go(path)
    await visitor.screen('phone')
    const small = await visitor.page.evaluate(() => {
      const seen = [...document.querySelectorAll('main p, main li, main label, main dd, main a, main button')].filter((one) => one.getClientRects().length && one.textContent.trim() && !one.closest('.visually-hidden'))
      const letters = seen.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 21)
      const targets = [...document.querySelectorAll('main .btn, main .choice, .tools button, main input.form-control, main .links a, main .tasks a, main summary')].filter((one) => one.getClientRects().length && !one.hidden && one.getBoundingClientRect().height < 60)
      return [...letters, ...targets].map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)} ${getComputedStyle(one).fontSize} ${one.getBoundingClientRect().height}`)
    })
    assert.deepEqual(small, [], `too small on ${path}`)
    await visitor.fit(`elder-${n}`, PHONE)
  }
  await visitor.leave()
})

test('the same in English', async () => {
  const visitor = await at('调查核对中', { script: true })
  const here = visitor.path
  await visitor.press('English')
  for (const [n, path] of [here, `${here}/papers`, `${here}/history`, '/check/dibao', '/apply/dibao', '/my/data', '/my/access', '/my/help', '/notices', '/my/applications'].entries()) {
    await visitor.go(path)
    const chinese = await visitor.page.$eval('main', (main) => main.innerText.replace(/[\p{Script=Han}·、（）]{2,12}(镇|乡|村|县|市|办|号)?/gu, (words) => (words.length > 14 ? words : '')).match(/\p{Script=Han}{6,}/gu))
    assert.equal(chinese, null, `Chinese on ${path}: ${chinese}`)
    await visitor.fit(`english-${n}`, PHONE)
  }
  await visitor.leave()
})

test('a session that has ended keeps what was typed', async () => {
  const visitor = await at('享受待遇')
  await visitor.press('报告变更')
  await visitor.fill({ '发生了什么变化': '儿子 9 月 1 日开始上班' })
  await visitor.page.deleteCookie(...(await visitor.page.cookies()).filter((one) => one.name.includes('session') || one.httpOnly))
  await visitor.press('提交')
  await visitor.sees('登录')
  const carried = await visitor.page.$eval('[name=_carried]', (one) => one.value)
  assert.ok(decodeURIComponent(carried.replaceAll('+', ' ')).includes('儿子 9 月 1 日开始上班'))
  await visitor.leave()
})

test('two million letters in one answer are told to be too many', async () => {
  const visitor = await at('享受待遇')
  await visitor.press('报告变更')
  await visitor.page.$eval('textarea', (one) => { one.removeAttribute('maxlength'); one.value = '长'.repeat(700_000) })
  await visitor.press('提交')
  assert.ok([413, 422].includes(visitor.answer.status()), String(visitor.answer.status()))
  await visitor.leave()
})

test('residents sign in by a code on their telephone', async () => {
  const visitor = await Visitor.come(site, { screen: 'phone', script: true })
  await visitor.go('/my/cases')
  await visitor.sees('身份证号码')
  await visitor.fit('sign-in-resident')
  await visitor.fill({ 身份证号码: '110101', 手机号码: '12' })
  await visitor.press('获取验证码')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fill({ 身份证号码: '11010119900307758X', 手机号码: '13900000000' })
  await visitor.press('获取验证码')
  await visitor.sees('如果这个号码登记过')
  await visitor.fit('sign-in-code', PHONE)
  await visitor.fill({ 验证码: '000000' })
  await visitor.press('登录', 'main')
  assert.ok(visitor.answer.status() >= 400)
  await visitor.leave()
})
