// From an empty system to somebody who signs in: the first administrators enrol, sign out and in, change the password;
// what was typed when a session ended is there again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { code } from '../lib/code.mjs'
import { open } from '../lib/site.mjs'

const PASSWORD = 'ripe plum under bridge'
let site
before(async () => { site = await open('record') })
after(async () => { await quit(); await site?.close() })

const secret = (visitor) => visitor.page.$eval('[name=secret]', (one) => one.value)

/** The login comes first: the secret is made for it. */
async function begin(visitor, login) {
  await visitor.go('/enrol/first')
  await visitor.fill({ 账号: login })
  await visitor.press('下一步')
}

async function enrol(visitor, login, more) {
  await begin(visitor, login)
  const made = await secret(visitor)
  await visitor.fill({ 登记令牌: site.token, 姓名: '甲乙', 新密码: PASSWORD, 再输入一次新密码: PASSWORD, 动态口令: code(made), ...more })
  await visitor.press('启用并登录')
  return made
}

test('the first administrators enrol, and what is wrong is told at its field', async () => {
  const visitor = await Visitor.come(site)
  await visitor.go('/enrol/first')
  await visitor.fit('enrol-login', ['phone'])
  await begin(visitor, 'system')
  await visitor.fit('enrol')
  const made = await secret(visitor)
  await visitor.fill({ 登记令牌: site.token, 系统管理员: true, 姓名: '甲乙', 新密码: 'short', 再输入一次新密码: 'short', 动态口令: '000000',
    单位名称: '某县民政局', 所辖区划名称: '某县', 区划代码: '990100' })
  await visitor.press('启用并登录')
  assert.equal(visitor.answer.status(), 422)
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'error-summary')
  assert.match(await visitor.page.title(), /^错误：/)
  assert.equal(await secret(visitor), made, 'the secret is the one on the phone')
  assert.equal(await visitor.page.$eval('[name=login]', (one) => one.value), 'system')
  assert.equal(await visitor.page.$eval('[name=password]', (one) => one.value), '', 'a password is never sent back')
  await visitor.fit('enrol-wrong')
  await visitor.screen('desktop')
  await enrol(visitor, 'system', { 系统管理员: true, 单位名称: '某县民政局', 所辖区划名称: '某县', 区划代码: '990100' })
  await visitor.sees('您的岗位')
  await visitor.fit('desk')
  await enrol(visitor, 'security', { 安全管理员: true })
  await visitor.leave()
})

test('somebody signs in, changes the password, and signs out, without a script too', async () => {
  for (const [script, login, role] of [[true, 'audit', '审计管理员']]) {
    const visitor = await Visitor.come(site, { script })
    const made = await enrol(visitor, login, { [role]: true })
    await visitor.go('/password')
    await visitor.fill({ 原密码: PASSWORD, 新密码: `${PASSWORD} 2`, 再输入一次新密码: `${PASSWORD} 3` })
    await visitor.press('修改密码', 'main')
    await visitor.sees('两次输入的新密码不一致')
    await visitor.fit('password-wrong', ['desktop', 'phone'])
    await visitor.fill({ 原密码: PASSWORD, 新密码: `${PASSWORD} 2`, 再输入一次新密码: `${PASSWORD} 2` })
    await visitor.press('修改密码', 'main')
    await visitor.sees('密码已修改')
    // The session ends elsewhere, while a form is being filled in.
    await visitor.go('/password')
    await visitor.page.deleteCookie(...(await visitor.page.cookies()).filter((one) => one.name === 'anmin'))
    await visitor.fill({ 原密码: 'x', 新密码: 'y', 再输入一次新密码: 'y' })
    await visitor.press('修改密码', 'main')
    await visitor.sees('您填写的内容已保留')
    await visitor.fill({ 账号: login, 密码: `${PASSWORD} 2`, 动态口令: code(made, 1) })
    await visitor.press('登录', 'main')
    await visitor.sees('刚才填写的内容还没有提交')
    await visitor.fit('again', ['desktop', 'phone'])
    await visitor.press('回到表单继续')
    await visitor.sees('您刚才填写的内容都在')
    assert.equal(await visitor.page.$eval('[name=password]', (one) => one.value), '', 'no password was carried')
    await visitor.leave()
  }
})
