// Administration through pages only: an area, a unit, a login and a post for a newcomer, who enrols and signs in; a leaver's
// cases handed over; a job that failed tried again; the journal checked; and whoever has not the duty is told so.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { code } from '../lib/code.mjs'
import { open } from '../lib/site.mjs'

const PASSWORD = 'ripe plum under bridge'
let site
before(async () => { site = await open() })
after(async () => { await quit(); await site?.close() })

/** The people of a role in the demonstration, by their names. */
async function people(visitor, role) {
  await visitor.go('/demo/people')
  return visitor.page.$$eval('.people-group', (groups, wanted) => {
    const group = groups.find((one) => one.querySelector('h2').textContent.includes(wanted))
    return [...(group?.querySelectorAll('.person-button') ?? [])].map((one) => one.querySelector('strong')?.textContent.trim() ?? one.textContent.trim())
  }, role)
}

/** Signs in as whoever has this name and no other: one name may begin another. */
async function exactly(visitor, name) {
  await visitor.go('/demo/people')
  const found = await visitor.page.evaluateHandle((wanted) =>
    [...document.querySelectorAll('.person-button')].find((one) => one.querySelector('strong').textContent.trim() === wanted), name)
  await visitor.andThen(() => found.asElement().evaluate((one) => one.click()))
}

/** Leads to a page that is looked at again until it says something: a job has to be done first. */
async function until(visitor, path, words) {
  for (let n = 0; n < 60; n += 1) {
    await visitor.go(path)
    if ((await visitor.text('main')).includes(words)) return
    await visitor.page.waitForNetworkIdle({ idleTime: 500 })
  }
  assert.fail(`${path} does not come to say ${words}:\n${await visitor.text('main')}`)
}

test('an administrator makes an area, a unit, a login and a post, and the newcomer enrols and signs in', async () => {
  const system = await Visitor.come(site)
  await system.as('系统管理员')
  await system.go('/admin')
  await system.sees('您可以办理')
  await system.seesNot('账号')
  await system.fit('admin-system')
  await system.screen('counter')
  await system.go('/admin/places')
  await system.fit('admin-places')
  await system.screen('desktop')
  const above = await system.page.$$eval('tr[data-row] th a[data-open]', (all) => all.map((one) => one.textContent.trim()))
  await system.press(`新设下级区域：${above[0]}`)
  await system.fill({ 区域名称: '', 区划代码: 'x' })
  await system.press('新设', '.form-card')
  assert.equal(system.answer.status(), 422)
  await system.fit('admin-area-wrong', ['counter', 'phone'])
  await system.screen('desktop')
  await system.fill({ 区域名称: '新桥镇', 区划代码: '990155' })
  await system.press('新设', '.form-card')
  await system.sees('区域已新设')
  await system.fit('admin-area')
  await system.screen('desktop')
  await system.fill({ 区域名称: '新桥街道' })
  await system.press('更名')
  await system.sees('区域已更名')
  await system.press('新设单位', '.form-card')
  await system.fill({ 单位名称: '新桥街道社会事务办', 单位类别: 'township_office', 村级: true })
  await system.press('新设', '.form-card')
  await system.sees('这类单位可以是')
  await system.fit('admin-unit-wrong', ['counter', 'phone'])
  await system.screen('desktop')
  await system.fill({ 村级: false, 受理审核: true, 电话: '0000-1234' })
  await system.press('新设', '.form-card')
  await system.sees('单位已新设')
  await system.fit('admin-unit', ['desktop', 'phone'])
  await system.leave()

  const security = await Visitor.come(site)
  const [first, second] = await people(security, '安全管理员')
  await exactly(security, first)
  await security.go('/admin')
  await security.fit('admin-security')
  await security.screen('desktop')
  await security.go('/admin/logins')
  await security.fit('admin-logins', ['counter', 'phone'])
  await security.screen('desktop')
  await security.press('新建账号')
  await security.fill({ 姓名: '新来客', 登录名: 'A' })
  await security.press('新建并生成登记码')
  assert.equal(security.answer.status(), 422)
  await security.fill({ 登录名: 'xin.laike' })
  await security.press('新建并生成登记码')
  await security.sees('只显示这一次')
  const enrolment = await security.page.$eval('.slip .code', (one) => one.textContent.trim())
  await security.fit('admin-code')
  await security.screen('desktop')
  await security.press('已交给本人')
  await security.fit('admin-login', ['counter', 'phone'])
  await security.screen('desktop')
  await security.press('提名岗位')
  await security.fill({ 岗位: 'intake_clerk' })
  await security.fit('admin-post-new', ['counter', 'phone'])
  await security.screen('desktop')
  await security.press('下一步')
  await security.sees('可以做什么')
  await security.press('提名', 'main form')
  assert.equal(security.answer.status(), 422, 'a unit and a line of work are wanted')
  await security.fit('admin-post-terms')
  await security.screen('desktop')
  const unit = await security.page.$$eval('[name=unit] option', (all) => all.find((one) => one.textContent.includes('新桥街道社会事务办')).value)
  await security.fill({ 单位: unit, '低保、特困': true })
  await security.press('提名', 'main form')
  await security.sees('等待另一名安全管理员批准')
  await security.sees('您提名的岗位须由另一名安全管理员批准')
  await security.fit('admin-post-proposed', ['counter', 'phone'])
  await security.screen('desktop')
  const post = security.path.split('?')[0]
  await exactly(security, second)
  await security.go('/admin/posts?show=proposed')
  await security.fit('admin-posts', ['counter', 'phone'])
  await security.screen('desktop')
  await security.go(post)
  await security.press('批准', 'main form')
  await security.sees('已批准')
  await security.leave()

  const newcomer = await Visitor.come(site)
  await newcomer.go('/enrol')
  await newcomer.fill({ 账号: 'xin.laike' })
  await newcomer.press('下一步')
  const secret = await newcomer.page.$eval('[name=secret]', (one) => one.value)
  await newcomer.fill({ 登记码: enrolment, 新密码: PASSWORD, 再输入一次新密码: PASSWORD, 动态口令: code(secret) })
  await newcomer.press('启用并登录')
  await newcomer.sees('我的待办')
  await newcomer.sees('新来客')
  await newcomer.leave()
})

test('a leaver has cases in hand, and they are handed over; the page of supervision leads to each case', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('乡镇审核')
  await visitor.go('/supervision')
  await visitor.sees('按承办人')
  await visitor.fit('supervision')
  await visitor.screen('desktop')
  await visitor.page.keyboard.press('j')
  assert.ok(await visitor.page.$('tr.is-here'), 'J goes to the first line')
  // Whoever has the most in hand leaves.
  const busiest = await visitor.page.$$eval('table:last-of-type', (tables) => {
    const rows = [...tables[tables.length - 1].querySelectorAll('tr[data-row]')]
    const all = rows.map((row) => ({ name: row.querySelector('th a').textContent.trim(), count: Number(row.querySelector('td:last-child').textContent), more: row.querySelector('.more-text').textContent }))
    return all.sort((a, b) => b.count - a.count)[0]
  })
  assert.ok(busiest.count > 0)
  await visitor.press(busiest.name, 'main')
  await visitor.fit('supervision-cases')
  await visitor.screen('desktop')
  await visitor.press('改派', 'tbody')
  await visitor.sees('指定')
  await visitor.go('/supervision/leavers')
  await visitor.sees('没有需要移交的人员')
  await visitor.fit('supervision-leavers-none', ['counter'])
  await visitor.go('/supervision/gaps')
  await visitor.fit('supervision-gaps')
  await visitor.go('/supervision/samples')
  await visitor.fit('supervision-samples', ['counter', 'phone'])

  const security = await Visitor.come(site)
  await security.as('安全管理员')
  await security.go('/admin/posts')
  await security.press(busiest.name, 'tbody')
  await security.press('免去岗位')
  const yesterday = await security.page.$eval('[name=last]', (one) => {
    const day = new Date(`${one.value}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() - 1)
    return day.toISOString().slice(0, 10)
  })
  await security.fill({ 最后一天: yesterday, 原因: '调离' })
  await security.fit('admin-post-end', ['counter', 'phone'])
  await security.screen('desktop')
  await security.press('免去岗位', 'main form')
  await security.sees('岗位已免去')
  await security.leave()

  await visitor.screen('desktop')
  await visitor.go('/supervision/leavers')
  await visitor.sees(busiest.name)
  await visitor.sees('已离岗')
  await visitor.fit('supervision-leavers', ['counter', 'phone'])
  await visitor.screen('desktop')
  await visitor.press(`移交 ${busiest.name} 的案件`)
  await visitor.press('移交全部案件')
  assert.equal(visitor.answer.status(), 422)
  await visitor.fit('supervision-hand-over')
  await visitor.screen('desktop')
  const to = await visitor.page.$eval('select[name=to]', (one) => one.options[1].value)
  await visitor.fill({ 接手人: to, 移交原因: '调离' })
  await visitor.press('移交全部案件')
  await visitor.sees('移交已开始')
  const state = visitor.path.split('?')[0]
  await visitor.fit('supervision-progress', ['counter', 'phone'])
  await visitor.screen('desktop')
  for (let n = 0; n < 60 && (await visitor.text('main')).includes('正在移交'); n += 1) {
    await visitor.page.waitForNetworkIdle({ idleTime: 1000 })
    await visitor.go(state)
  }
  await visitor.seesNot('正在移交')
  await visitor.fit('supervision-done', ['counter', 'phone'])
  await visitor.leave()
})

test('a job that failed is tried again with a reason, and somebody without the duty is told so', async () => {
  site.failJob()
  const system = await Visitor.come(site)
  await system.as('系统管理员')
  await system.go('/admin/jobs')
  await system.sees('失败，等待处理')
  await system.fit('admin-jobs')
  await system.screen('desktop')
  await system.press('重试：案件移交')
  await system.press('重试', '.form-card')
  assert.equal(system.answer.status(), 422)
  await system.fit('admin-job', ['counter', 'phone'])
  await system.screen('desktop')
  await system.fill({ 已经怎样排除了原因: '磁盘已清理' })
  await system.press('重试', '.form-card')
  await system.sees('任务已安排重试')
  for (const page of ['packs', 'keys', 'deployment']) {
    await system.go(`/admin/${page}`)
    await system.fit(`admin-${page}`)
    await system.screen('desktop')
  }
  await system.sees('结构第')
  for (const page of ['/admin/logins', '/admin/journal', '/supervision']) {
    await system.go(page)
    assert.equal(system.answer.status(), 403, page)
    await system.sees('not_permitted')
  }
  await system.fit('admin-not-permitted', ['counter', 'phone'])
  await system.leave()
})

test('the journal is checked as a job, and exported', async () => {
  const audit = await Visitor.come(site)
  await audit.as('审计管理员')
  await audit.go('/admin/journal')
  await audit.sees('还没有在这里校验过')
  await audit.fill({ 日志和全部记录: true })
  await audit.press('开始校验')
  await audit.sees('校验已安排')
  await until(audit, '/admin/journal', '没有发现问题')
  await audit.fit('admin-journal')
  const export_ = await audit.page.evaluate(async () => {
    const answer = await fetch('/admin/journal/export')
    return { status: answer.status, lines: (await answer.text()).trim().split('\n').length }
  })
  assert.equal(export_.status, 200)
  assert.ok(export_.lines > 100)
  await audit.leave()
})

test('one delegates a post and takes it back; an administrator sees who has declared relatives', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('县级复核')
  await visitor.go('/posts')
  const [person] = await visitor.page.$$eval('[name=person] option', (all) => all.slice(1).map((one) => one.value))
  const to = await visitor.page.$eval('[name=from]', (one) => one.value)
  await visitor.fill({ 受委托的同事: person, 至: to })
  await visitor.fit('own-posts')
  await visitor.screen('desktop')
  await visitor.press('委托', 'form[action="/posts"]')
  await visitor.sees('已委托')
  await visitor.press('收回')
  await visitor.sees('委托已收回')
  await visitor.leave()
  const security = await Visitor.come(site)
  await security.as('安全管理员')
  for (const page of ['kin', 'gaps']) {
    await security.go(`/admin/${page}`)
    await security.fit(`admin-${page}`, ['counter', 'phone'])
  }
  await security.leave()
})

test('in English, and without a script', async () => {
  const visitor = await Visitor.come(site, { lang: 'en', script: false })
  await visitor.as('System administrator')
  for (const page of ['', '/places', '/jobs', '/packs', '/keys', '/deployment']) {
    await visitor.go(`/admin${page}`)
    await visitor.fit(`admin-en${page.replace('/', '-')}`, ['counter'])
  }
  await visitor.leave()
  const examiner = await Visitor.come(site, { lang: 'en' })
  await examiner.as('Examiner')
  await examiner.go('/supervision')
  await examiner.sees('Supervision')
  await examiner.fit('supervision-en', ['counter', 'phone'])
  await examiner.leave()
})
