// The real program on data of its own: a made-up county, a free port, stopped at the end.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'

const binary = process.env.ANMIN_BINARY
const server = process.env.ANMIN_WEB_POSTGRES
const county = ['--seed', '3', '--towns', '2', '--households', '100', '--cases', '60', '--at-once', '--json']

function run(args) {
  const done = spawnSync(binary, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`anmin ${args.join(' ')}: ${done.stderr}${done.stdout}`)
  return done.stdout
}

function places(folder, schema) {
  const at = ['--data', folder]
  if (!schema) return at
  const joint = server.includes('?') ? '&' : '?'
  return [...at, '--database', `${server}${joint}options[search_path]=${schema}`]
}

function sql(text) {
  const done = spawnSync('psql', ['-q', '-d', server, '-c', text], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
}

/** A county in a folder, made once for all tests of a run on SQLite: each takes a copy. */
export function template() {
  const folder = mkdtempSync(join(tmpdir(), 'anmin-web-'))
  run(['synth', '--data', join(folder, 'county'), ...county])
  return folder
}

/** What a county on real ground is made of: it has months of payments. */
const real = ['--seed', '3', '--division', '110118', '--towns', '2', '--households', '100', '--cases', '60', '--at-once', '--json']

/** Starts the program. `kind` is 'demo', 'real' for a county on real ground, or 'record' for a system with nobody in it. */
export async function open(kind = 'demo') {
  const folder = mkdtempSync(join(tmpdir(), 'anmin-web-'))
  const data = join(folder, 'data')
  const schema = server ? `anmin_web_${randomBytes(6).toString('hex')}` : undefined
  if (schema) sql(`CREATE SCHEMA ${schema}`)
  const at = places(data, schema)
  let token
  if (kind === 'real') run(['synth', ...at, ...real])
  else if (kind === 'record') token = run(['init', ...at]).match(/Enrolment token[^:]*: (\S+)/)?.[1]
  else if (!schema && process.env.ANMIN_WEB_TEMPLATE) cpSync(join(process.env.ANMIN_WEB_TEMPLATE, 'county'), data, { recursive: true })
  else run(['synth', ...at, ...county])
  const args = ['serve', ...at, '--listen', '127.0.0.1:0', ...(kind === 'record' ? [] : ['--demo'])]
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const faults = []
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    told = (told + text).slice(-20000)
    faults.push(...text.split('\n').filter((line) => line.includes('anmin::fault')))
  })
  const base = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part
      const found = text.match(/http:\/\/[0-9.:]+/)
      if (found) resolve(found[0])
    })
    child.on('exit', (code) => reject(new Error(`anmin serve ended with ${code}: ${told}`)))
  })
  const close = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.removeAllListeners('exit')
    child.once('exit', () => {})
    child.kill('SIGTERM')
    await Promise.race([ended, new Promise((resolve) => child.once('exit', resolve))])
    if (schema) sql(`DROP SCHEMA ${schema} CASCADE`)
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
  }
  // A job that cannot be done, as if it had been tried five times: jobs are no evidence, so that one may be put there by hand.
  const failJob = () => {
    const empty = schema ? "''" : "x''"
    const text = `INSERT INTO job (id, kind, key, payload, run_at, attempts, state, done, error) VALUES ('${'0'.repeat(30)}ab', 'hand_over', 'x', ${empty}, 0, 5, 'failed', 3, 'the disk is full')`
    if (schema) return sql(`SET search_path TO ${schema}; ${text}`)
    const done = spawnSync('sqlite3', [join(data, 'anmin.db'), `.timeout 5000`, text], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
  }
  return { base, faults, token, close, failJob }
}
