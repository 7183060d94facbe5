// The list of work and the page of a county: searching, filters of one's own, columns, several cases at once, spreadsheets.
import assert from 'node:assert/strict'
import { inflateRawSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import { Visitor, quit } from '../lib/browser.mjs'
import { open } from '../lib/site.mjs'

let site
before(async () => { site = await open() })
after(async () => { await quit(); await site?.close() })

const WHO = '姓名、拼音、证件号或编号'

/** The column of the list below a heading. */
async function column(visitor, heading) {
  return visitor.page.evaluate((wanted) => {
    const at = [...document.querySelectorAll('thead th')].findIndex((head) => head.textContent.trim() === wanted)
    return [...document.querySelectorAll('tr[data-row]')].map((row) => row.cells[at].textContent.trim())
  }, heading)
}

/** The texts of the first sheet of a spreadsheet, row by row: what an xlsx file is, read plainly. */
function cells(file) {
  const parts = {}
  const bytes = Buffer.from(file)
  let end = bytes.length - 22
  while (bytes.readUInt32LE(end) !== 0x06054b50) end -= 1
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [size, name, extra, comment, from] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    const start = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28)
    const packed = bytes.subarray(start, start + size)
    parts[bytes.toString('utf8', at + 46, at + 46 + name)] = bytes.readUInt16LE(at + 10) ? inflateRawSync(packed).toString() : packed.toString()
    at += 46 + name + extra + comment
  }
  const shared = [...parts['xl/sharedStrings.xml'].matchAll(/<si>(.*?)<\/si>/gs)].map((one) => one[1].replace(/<[^>]*>/g, ''))
  return [...parts['xl/worksheets/sheet1.xml'].matchAll(/<row .*?<\/row>/gs)].map((row) =>
    [...row[0].matchAll(/<c [^>]*t="s"[^>]*><v>(\d+)<\/v>/g)].map((cell) => shared[Number(cell[1])]))
}

/** Sends a form of the page as the browser would, and gives the file that comes. */
async function download(visitor, action) {
  const file = await visitor.page.evaluate(async (to) => {
    const form = document.querySelector(`form[action="${to}"]`)
    const answer = await fetch(to, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
    return { status: answer.status, name: answer.headers.get('content-disposition'), bytes: [...new Uint8Array(await answer.arrayBuffer())] }
  }, action)
  assert.equal(file.status, 200)
  assert.match(file.name, /^attachment; filename=".*\.xlsx"$/)
  return cells(file.bytes)
}

test('cases are found by the first letters of a name, by its beginning, by their number, and by the end of an identity number', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('黄芳明')
  await visitor.go('/work')
  const [number, name] = [(await column(visitor, '受理编号'))[0], (await column(visitor, '申请人'))[0]]
  await visitor.fill({ [WHO]: name.slice(0, 1) })
  await visitor.press('查询')
  assert.ok((await column(visitor, '申请人')).includes(name))
  assert.equal(visitor.path, '/work', 'whom one looks for stands in no address')
  await visitor.fill({ [WHO]: 'hf' })
  await visitor.press('查询')
  await visitor.fit('queue-sound', ['counter'])
  await visitor.fill({ [WHO]: 'h' })
  await visitor.press('查询')
  assert.equal(visitor.answer.status(), 422)
  await visitor.sees('拼音首字母至少填两个')
  await visitor.go('/work')
  await visitor.fill({ [WHO]: number })
  await visitor.press('查询')
  assert.match(visitor.path, /^\/work\?number=/)
  assert.deepEqual(await column(visitor, '受理编号'), [number])
  await visitor.page.type('#search', number)
  await visitor.andThen(() => visitor.page.keyboard.press('Enter'))
  assert.match(visitor.path, /^\/cases\/[0-9a-f]{32}$/)
  const shown = await visitor.page.evaluate(() => document.querySelector('main').innerText.match(/\d{17}[\dX]|\d{4}\*+\w{4}/)?.[0])
  assert.ok(shown, 'the number of the applicant is on the page, masked')
  await visitor.leave()
})

test('a name is found by the first letters of how it sounds', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('黄芳明')
  await visitor.go('/work')
  const all = await column(visitor, '申请人')
  const surnames = { 王: 'w', 李: 'l', 张: 'z', 刘: 'l', 陈: 'c', 杨: 'y', 黄: 'h', 赵: 'z', 吴: 'w', 周: 'z', 徐: 'x', 孙: 's', 马: 'm', 朱: 'z', 胡: 'h', 郭: 'g', 何: 'h', 林: 'l', 高: 'g', 罗: 'l' }
  const name = all.find((one) => surnames[one[0]])
  assert.ok(name, all.join(' '))
  let found = false
  for (const second of 'abcdefghijklmnopqrstwxyz') {
    await visitor.fill({ [WHO]: surnames[name[0]] + second })
    await visitor.press('查询')
    const names = await column(visitor, '申请人').catch(() => [])
    if (names.includes(name)) { found = true; break }
  }
  assert.ok(found, name)
  await visitor.leave()
})

test('a filter is kept under a name, used, and removed, without a script too', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { script })
    await visitor.as('黄芳明')
    await visitor.go('/work')
    await visitor.fill({ 环节: '调查核对中' })
    await visitor.press('查询')
    const cases = await column(visitor, '受理编号')
    await visitor.press('保存为常用筛选')
    await visitor.press('保存', '.form-card')
    assert.equal(visitor.answer.status(), 422)
    await visitor.fit(`filters${script ? '' : '-without-script'}`)
    await visitor.screen('desktop')
    await visitor.fill({ 名称: '待跑的' })
    await visitor.press('保存', '.form-card')
    await visitor.sees('已保存为常用筛选')
    await visitor.go('/work')
    await visitor.press('待跑的')
    assert.deepEqual(await column(visitor, '受理编号'), cases)
    await visitor.fit('queue-kept', ['counter'])
    await visitor.go('/work/filters')
    await visitor.press('删除筛选“待跑的”')
    await visitor.sees('已删除')
    await visitor.seesNot('待跑的')
    await visitor.leave()
  }
})

test('columns are chosen and kept, and the spreadsheet has them and exactly what the filter lists', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('刘志晓')
  await visitor.go('/work?mark=amber')
  await visitor.press('列和行数')
  await visitor.fit('columns')
  await visitor.screen('desktop')
  await visitor.fill({ '事项': false, '乡镇（街道）': true, '宽松': true, '50 行': true })
  await visitor.press('保存', '.form-card')
  await visitor.sees('已保存')
  assert.equal(visitor.path.split('&')[0], '/work?mark=amber')
  const heads = await visitor.page.$$eval('thead th', (all) => all.map((head) => head.textContent.trim()).slice(0, -1))
  assert.ok(heads.includes('乡镇（街道）') && !heads.includes('事项'), heads.join())
  await visitor.fit('queue-columns', ['desktop', 'counter'])
  const rows = await download(visitor, '/work/export')
  assert.deepEqual(rows.find((row) => row[0] === '受理编号'), heads)
  const numbers = rows.map((row) => row[0]).filter((text) => /^\d{4}-\d{4}-\d{4}-\d{3}$/.test(text ?? ''))
  assert.deepEqual(numbers, await column(visitor, '受理编号'))
  await visitor.go('/work/columns')
  await visitor.press('恢复默认列')
  await visitor.leave()
})

test('one step is done for several cases: tried first, then done, told case by case, and never twice', async () => {
  for (const script of [true, false]) {
    const visitor = await Visitor.come(site, { script })
    await visitor.as('刘志晓')
    await visitor.go(script ? '/work' : '/work?queue=unassigned')
    const tick = async (most) => visitor.page.evaluate((count) => {
      const boxes = [...document.querySelectorAll('tr[data-row] input[name="cases"]')].slice(0, count)
      boxes.forEach((box) => box.click())
      return boxes.length
    }, most)
    const ticked = await tick(script ? 25 : 3)
    if (script) await visitor.sees(`已选 ${ticked} 件`)
    await visitor.press('批量办理')
    await visitor.sees('一起办理什么')
    await visitor.fit(`bulk-choose${script ? '' : '-without-script'}`, ['counter', 'phone'])
    await visitor.screen('desktop')
    await visitor.press('下一步')
    assert.equal(visitor.answer.status(), 422)
    await visitor.fill({ 指定承办人: true })
    await visitor.press('下一步')
    await visitor.press('先试办')
    assert.equal(visitor.answer.status(), 422, 'to whom, and why, is asked once for all')
    await visitor.fit(`bulk-fill${script ? '' : '-without-script'}`, ['desktop', 'counter'])
    await visitor.page.evaluate(() => {
      const choose = (name, words) => {
        const list = document.querySelector(`select[name="${name}"]`)
        if (list) list.value = [...list.options].find((one) => one.textContent.includes(words)).value
        else [...document.querySelectorAll(`input[name="${name}"]`)].find((one) => document.querySelector(`label[for="${one.id}"]`).textContent.includes(words)).click()
      }
      choose('with.duty', '送达')
      choose('with.person', '窗口受理')
    })
    await visitor.fill({ 事由: '按片区分工' })
    await visitor.press('先试办')
    await visitor.sees('还没有保存')
    await visitor.fit(`bulk-tried${script ? '' : '-without-script'}`, ['desktop', 'counter'])
    const told = (await visitor.text()).match(/(\d+) 件可以办，(\d+) 件不能办/)
    assert.equal(Number(told[1]) + Number(told[2]), ticked)
    assert.ok(Number(told[1]) > 0, told[0])
    await visitor.press('确认办理')
    // The page of progress goes on by itself where there is a script: nothing is asked of it while it does.
    if (script) await visitor.page.waitForFunction(() => document.body?.innerText.includes('未办'), { timeout: 20000 })
    for (let n = 0; !script && n < 20 && (await visitor.text()).includes('正在逐件办理'); n += 1) await visitor.press('继续')
    await visitor.sees(`已办 ${told[1]} 件，未办 ${told[2]} 件`)
    await visitor.fit(`bulk-done${script ? '' : '-without-script'}`, ['desktop', 'counter'])
    // The same once more, as by going back: the results are the first ones.
    const page = await visitor.page.$eval('tr[data-row] [data-open]', (link) => link.href)
    const versions = async () => { await visitor.page.goto(page); return (await visitor.text()).match(/指定承办人/g)?.length ?? 0 }
    assert.ok(await versions() > 0)
    await visitor.leave()
  }
})

test('what looks at each household is not offered for several', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('县级确认')
  await visitor.go('/work?state=deciding')
  await visitor.page.evaluate(() => [...document.querySelectorAll('input[name="cases"]')].slice(0, 3).forEach((box) => box.click()))
  await visitor.press('批量办理')
  await visitor.seesNot('不予确认')
  await visitor.go('/work/bulk')
  await visitor.sees('没有选中案件')
  await visitor.fit('bulk-empty', ['counter'])
  await visitor.leave()
})

test('keys tick lines, and all of a page are ticked at once', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('黄芳明')
  await visitor.go('/work')
  await visitor.page.keyboard.press('j')
  await visitor.page.keyboard.press('x')
  await visitor.page.keyboard.press('j')
  await visitor.page.keyboard.press('x')
  await visitor.sees('已选 2 件')
  await visitor.fit('queue-ticked')
  await visitor.screen('desktop')
  await visitor.page.click('[data-tick-all] input')
  await visitor.sees('已选 25 件')
  await visitor.leave()
})

test('the numbers of a county lead to their cases, are printed on A4, and leave as a spreadsheet', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('县级复核')
  await visitor.press('运行看板')
  await visitor.sees('数据截至')
  await visitor.fit('county')
  await visitor.screen('desktop')
  assert.ok(await visitor.count('.chart svg') >= 1, 'a chart is drawn')
  const link = await visitor.page.evaluate(() => {
    const tables = [...document.querySelectorAll('table[data-chart="across"] tbody tr')]
    const cell = tables[0].cells[tables[0].cells.length - 1]
    return { number: Number(cell.textContent), href: new URL(cell.querySelector('a').href).pathname + new URL(cell.querySelector('a').href).search }
  })
  await visitor.go(link.href)
  const shown = (await visitor.text('.pager')).match(/共 (\d+) 件/)
  assert.equal(Number(shown[1]), link.number)
  await visitor.go('/county')
  const pdf = await visitor.page.pdf({ format: 'a4' })
  const pages = [...Buffer.from(pdf).toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length
  assert.ok(pages <= 3, `${pages} pages`)
  const sheet = await visitor.page.evaluate(async () => {
    const answer = await fetch(document.querySelector('a[href^="/county/sheet"]').href)
    return { status: answer.status, bytes: [...new Uint8Array(await answer.arrayBuffer())] }
  })
  assert.equal(sheet.status, 200)
  const rows = cells(sheet.bytes)
  assert.ok(rows.some((row) => row.some((text) => text?.includes('数据截至'))), JSON.stringify(rows.slice(0, 4)))
  await visitor.press('English')
  await visitor.fit('county-english', ['counter'])
  await visitor.leave()
})

test('a township has its villages, and who may list no case gets no page of numbers to look behind', async () => {
  const visitor = await Visitor.come(site)
  await visitor.as('黄芳明')
  await visitor.go('/county')
  await visitor.fit('township', ['desktop', 'phone'])
  assert.ok(await visitor.count('table a[href^="/work?area="]'), 'a village leads to its cases')
  await visitor.as('窗口受理')
  await visitor.go('/county')
  assert.equal(visitor.answer.status(), 403)
  await visitor.leave()
})
