// Runs the tests in the browser: every file of journeys/, on SQLite and, where ANMIN_TEST_POSTGRES names a server, on
// PostgreSQL. The last line is "N passed, N failed". `node test/run.mjs name` runs those whose name has that in it.
import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import { template } from './lib/site.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const wanted = process.argv[2] ?? ''
const files = readdirSync(join(here, 'journeys')).filter((name) => name.endsWith('.mjs') && name.includes(wanted)).sort()
let passed = 0
let failed = 0

async function all(on, env) {
  Object.assign(process.env, env)
  const events = run({ files: files.map((name) => join(here, 'journeys', name)), concurrency: 1, timeout: 300_000 })
  events.on('test:pass', ({ name, details }) => {
    if (details.type === 'suite' || name.endsWith('.mjs')) return
    passed += 1
    console.log(`ok      ${on}: ${name} (${Math.round(details.duration_ms)} ms)`)
  })
  events.on('test:fail', ({ name, details }) => {
    if (details.type === 'suite') return
    failed += 1
    const error = details.error?.cause ?? details.error
    console.log(`FAILED  ${on}: ${name}\n${error?.stack ?? error?.message ?? error}`)
  })
  events.on('test:stderr', ({ message }) => process.stderr.write(message))
  for await (const _ of events) { /* to the end */ }
}

const folder = template()
try {
  await all('SQLite', { ANMIN_WEB_TEMPLATE: folder })
  if (process.env.ANMIN_TEST_POSTGRES) await all('PostgreSQL', { ANMIN_WEB_POSTGRES: process.env.ANMIN_TEST_POSTGRES })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed || !passed ? 1 : 0
