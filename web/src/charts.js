// Charts, on the pages that have one. Each stands over its table and takes its figures from it: a table with
// data-chart="bar", "across" (bars that lie) or "line", whose first column is what is counted and whose other columns are numbers.
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

echarts.use([AriaComponent, BarChart, GridComponent, LegendComponent, LineChart, SVGRenderer, TooltipComponent])

const number = (cell) => (cell.dataset.value === undefined ? cell.textContent.replace(/[^0-9.-]/g, '') : cell.dataset.value)

// Columns whose heads say data-series are drawn; where none does, all are.
function columns(table) {
  const head = [...table.tHead.rows[0].cells].map((cell, n) => ({ cell, n })).slice(1)
  const named = head.filter((one) => one.cell.hasAttribute('data-series'))
  return named.length ? named : head
}

function draw(table) {
  const across = table.dataset.chart === 'across'
  const type = across ? 'bar' : table.dataset.chart
  const body = [...table.tBodies[0].rows]
  const names = body.map((row) => row.cells[0].textContent.trim())
  const series = columns(table).map((one) => ({
    name: one.cell.textContent.trim(), type, animation: false, barMaxWidth: 28,
    // What is not told has no bar, which is not the same as nought.
    data: body.map((row) => { const text = number(row.cells[one.n]); return text === '' ? null : Number(text) }),
  }))
  const place = document.createElement('div')
  place.className = 'chart'
  if (across) place.classList.add(body.length > 10 ? 'chart-tall' : 'chart-low')
  place.setAttribute('aria-hidden', 'true')
  table.closest('.table-wrap, table').before(place)
  const font = getComputedStyle(document.body).fontFamily
  const chart = echarts.init(place, null, { renderer: 'svg' })
  const kinds = { type: 'category', data: names, inverse: across, axisTick: { show: false } }
  const values = { type: 'value', axisLabel: { hideOverlap: true } }
  chart.setOption({
    color: ['#1b56b8', '#b97a0c', '#12652f', '#a51a1a', '#5b4a9e'],
    textStyle: { fontFamily: font },
    grid: { left: 8, right: 24, top: series.length > 1 ? 36 : 12, bottom: 8, containLabel: true },
    legend: series.length > 1 ? { top: 0 } : undefined,
    // Drawn, not written into the page: our policy lets no style in by text.
    tooltip: { trigger: 'axis', confine: true, renderMode: 'richText' },
    xAxis: across ? values : kinds,
    yAxis: across ? kinds : values,
    series,
  })
  new ResizeObserver(() => chart.resize()).observe(place)
}

document.querySelectorAll('table[data-chart=bar], table[data-chart=line], table[data-chart=across]').forEach(draw)
