// Charts, on the pages that have one. Each stands over its table and takes its figures from it: a table with
// data-chart="bar" or "line" or "map", whose first column is what is counted and whose other columns are numbers.
import { BarChart, LineChart, MapChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

echarts.use([AriaComponent, BarChart, GridComponent, LegendComponent, LineChart, MapChart, SVGRenderer, TooltipComponent, VisualMapComponent])
window.anminCharts = echarts

const number = (cell) => Number(cell.dataset.value ?? cell.textContent.replace(/[^0-9.-]/g, ''))

function draw(table) {
  const head = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim())
  const body = [...table.tBodies[0].rows]
  const names = body.map((row) => row.cells[0].textContent.trim())
  const series = head.slice(1).map((name, n) => ({
    name, type: table.dataset.chart, data: body.map((row) => number(row.cells[n + 1])), animation: false,
  }))
  const place = document.createElement('div')
  place.className = 'chart'
  place.setAttribute('aria-hidden', 'true')
  table.closest('.table-wrap, table').before(place)
  const chart = echarts.init(place, null, { renderer: 'svg' })
  chart.setOption({
    color: ['#1b56b8', '#b97a0c', '#12652f', '#a51a1a', '#5b4a9e'],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: series.length > 1 ? { top: 0 } : undefined,
    tooltip: { trigger: 'axis', confine: true },
    xAxis: { type: 'category', data: names },
    yAxis: { type: 'value' },
    series,
  })
  new ResizeObserver(() => chart.resize()).observe(place)
}

document.querySelectorAll('table[data-chart=bar], table[data-chart=line]').forEach(draw)
