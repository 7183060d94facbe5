// Makes the files of the pages: style sheets, scripts and icons, each named by what is in it, each packed besides.
// Where the result goes: dist/, with manifest.txt ("name file" a line) and stamp.txt, which ./x compares.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { plain } from './colours.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const made = []

// The oldest browsers that are met at counters: locked machines with a Chromium of some years ago.
const target = ['chrome86', 'firefox91', 'safari14']

// Style sheets of others, with colours that these browsers read.
const readable = {
  name: 'readable',
  setup(with_) {
    with_.onLoad({ filter: /node_modules.*\.css$/ }, ({ path }) => ({ contents: plain(readFileSync(path, 'utf8')), loader: 'css' }))
  },
}

async function bundle(name, entry, options = {}) {
  const result = await build({
    entryPoints: [join(here, 'src', entry)],
    bundle: true,
    minify: true,
    write: false,
    target,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [readable],
    ...options,
  })
  made.push([name, Buffer.from(result.outputFiles[0].contents)])
}

// One file with every icon of icons.txt, each to be named by its place in it.
function icons() {
  const names = readFileSync(join(here, 'icons.txt'), 'utf8').split('\n').map((line) => line.trim())
  const folder = join(here, 'node_modules/@tabler/icons')
  const symbols = names.filter((name) => name && !name.startsWith('#')).map((name) => {
    const text = readFileSync(join(folder, 'icons/outline', `${name.replaceAll('_', '-')}.svg`), 'utf8')
    const paths = text.match(/<path [^>]*>/g).filter((path) => !path.includes('stroke="none"'))
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
      `stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</symbol>`
  })
  made.push(['icons.svg', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`)])
}

function write() {
  const next = join(here, 'dist.next')
  rmSync(next, { recursive: true, force: true })
  mkdirSync(next)
  const lines = made.map(([name, bytes]) => {
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
    const dot = name.lastIndexOf('.')
    const file = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`
    const packed = gzipSync(bytes, { level: 9 })
    writeFileSync(join(next, file), bytes)
    writeFileSync(join(next, `${file}.gz`), packed)
    console.log(`${file}  ${bytes.length} bytes, packed ${packed.length}`)
    return `${name} ${file}`
  })
  writeFileSync(join(next, 'manifest.txt'), lines.join('\n') + '\n')
  if (process.argv[2]) writeFileSync(join(next, 'stamp.txt'), process.argv[2] + '\n')
  rmSync(join(here, 'dist'), { recursive: true, force: true })
  renameSync(next, join(here, 'dist'))
}

await bundle('staff.css', 'staff.css')
await bundle('resident.css', 'resident.css')
await bundle('anmin.js', 'anmin.js', { format: 'iife' })
await bundle('charts.js', 'charts.js', { format: 'iife' })
icons()
write()
