// Colours as old browsers know them: counters have a Chromium that does not read oklch(), and a colour it cannot read it
// leaves out. Where a value hangs on a variable it stays as it is: our own layer sets those that we use.
const curve = (x) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)

/** oklch in sRGB, as six or eight hexadecimal digits. */
export function hex(light, chroma, hue, alpha) {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)]
  const [l, m, s] = [
    light + 0.3963377774 * a + 0.2158037573 * b,
    light - 0.1055613458 * a - 0.0638541728 * b,
    light - 0.0894841775 * a - 1.291485548 * b,
  ].map((x) => x ** 3)
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(curve)
  const all = alpha === undefined ? rgb : [...rgb, alpha]
  return '#' + all.map((x) => Math.round(Math.min(Math.max(x, 0), 1) * 255).toString(16).padStart(2, '0')).join('')
}

const number = (text) => (text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text.replace('deg', '')))
const OKLCH = /oklch\(([\d.]+%?) ([\d.]+) ([\d.]+(?:deg)?)(?: ?\/ ?([\d.]+%?))?\)/g

export const plain = (css) =>
  css.replace(OKLCH, (_, light, chroma, hue, alpha) => hex(number(light), number(chroma), number(hue), alpha && number(alpha)))
