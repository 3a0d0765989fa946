// SPDX-License-Identifier: MIT
// Drives the web page in a real browser for tests/scenario/70-web.t.  Speaks with
// it line by line: `ok NAME`, `not ok NAME: WHY`, and `do WHAT`, which asks for
// something outside of the page and waits for a line of JSON with its outcome.
//
//	node page.mjs URL PASSWORD WEB-FOLDER CHROMIUM
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const [url, password, web, executablePath] = process.argv.slice(2)
const { chromium } = createRequire(`${web}/package.json`)('playwright-core')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const origin = new URL(url).origin

let failures = 0
function check(name, good, why = '') {
  if (!good) failures++
  console.log(good ? `ok ${name}` : `not ok ${name}: ${String(why).split('\n')[0]}`)
}
async function outside(what) {
  console.log(`do ${what}`)
  return JSON.parse((await lines.next()).value)
}
const same = (name, got, wanted) =>
  check(name, got === wanted, `got ${got}, wanted ${wanted}`)

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
  ],
})
const context = await browser.newContext({
  viewport: { width: 1400, height: 900 },
  locale: 'zh-CN',
})
const page = await context.newPage()
page.setDefaultTimeout(20_000)

// What may be refused is refused on purpose: a wrong password, and a daemon
// that is away while it restarts.
const expected = { refused: false }
const strangers = []
const errors = []
const streams = []
page.on('request', (request) => {
  const { protocol, origin: to, pathname } = new URL(request.url())
  if (!['data:', 'blob:'].includes(protocol) && to !== origin)
    strangers.push(request.url())
  if (pathname === '/v1/events' && request.headers().accept === 'text/event-stream')
    streams.push(Number(request.headers()['last-event-id']))
})
page.on('console', (message) => {
  const failed = /Failed to load resource|ERR_/.test(message.text())
  if (message.type() === 'error' && !(failed && expected.refused))
    errors.push(message.text())
})
page.on('pageerror', (error) => errors.push(error.message))

const value = (name) =>
  page.locator(`[data-test=${name}]`).first().getAttribute('data-value').then(Number)
const becomes = (name, wanted) =>
  page
    .locator(`[data-test=${name}][data-value="${wanted}"]`)
    .waitFor()
    .then(() => true)
    .catch(() => false)
const tab = (name) => page.click(`#tab-${name}`)
const feedIds = () =>
  page
    .locator('[data-test=feed] li')
    .evaluateAll((rows) => rows.map((row) => Number(row.dataset.id)))

/** Where a position is on the screen, by the map's own view. */
async function pixelOf([lon, lat]) {
  const map = page.locator('[data-test=map]')
  const box = await map.boundingBox()
  const [lng0, lat0, zoom] = (await map.getAttribute('data-view'))
    .split(',')
    .map(Number)
  const world = 512 * 2 ** zoom
  const y = (degrees) => {
    const s = Math.sin((degrees * Math.PI) / 180)
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)
  }
  return {
    x: box.x + box.width / 2 + ((lon - lng0) / 360) * world,
    y: box.y + box.height / 2 + (y(lat) - y(lat0)) * world,
  }
}

/** The colour at a pixel, and how many different ones are around it. */
async function colourAt({ x, y }, reach = 0) {
  const clip = {
    x: x - reach,
    y: y - reach,
    width: 2 * reach + 1,
    height: 2 * reach + 1,
  }
  const shot = (await page.screenshot({ clip })).toString('base64')
  return page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const paint = canvas.getContext('2d')
    paint.drawImage(image, 0, 0)
    const { data } = paint.getImageData(0, 0, image.width, image.height)
    const seen = new Set()
    for (let i = 0; i < data.length; i += 4)
      seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
    const middle = 4 * (image.width * (image.height >> 1) + (image.width >> 1))
    return { red: data[middle], green: data[middle + 1], colours: seen.size }
  }, shot)
}
const isGreen = ({ red, green }) => green > red + 40
const isRed = ({ red, green }) => red > green + 40
async function colourTurns(lonlat, test) {
  const until = Date.now() + 15_000
  for (;;) {
    if (test(await colourAt(await pixelOf(lonlat)))) return true
    if (Date.now() > until) return false
  }
}

async function logIn() {
  await page.goto(`${url}/`)
  await page.waitForSelector('input[name=password]')
  same('a first visit raises no error', errors.length, 0)
  same('the page says its language', await page.getAttribute('html', 'lang'), 'zh-CN')
  expected.refused = true
  await page.fill('input[name=user]', 'reader')
  await page.fill('input[name=password]', 'not the password')
  await page.press('input[name=password]', 'Enter')
  const failure = await page.textContent('[data-test=failure]')
  check('a wrong password is refused in words', failure.includes('密码不正确'), failure)
  expected.refused = false
  await page.fill('input[name=password]', password)
  await page.press('input[name=password]', 'Enter')
  await page.waitForSelector('[data-test=live][data-state=open]')
  check('the right one opens the page, and its stream', true)
}

async function mapAndNumbers(target) {
  await page.waitForSelector('[data-test=coverage][aria-busy=false]')
  await page.waitForSelector('[data-test=map][data-drawn=true]')
  const map = await page.locator('[data-test=map]').boundingBox()
  const centre = { x: map.x + map.width / 2, y: map.y + map.height / 2 }
  const { colours } = await colourAt(centre, 200)
  check('the map is drawn', colours > 20, `${colours} colours`)
  const { coverage } = await outside('coverage')
  for (const name of ['people', 'covered', 'placed', 'too_far', 'full', 'places'])
    same(`${name} is what shelterctl says`, await value(name), coverage[name])
  const hash = await page.getAttribute('[data-test=hash]', 'data-value')
  same('so is the hash', hash, coverage.hash)
  const first = page.locator('[data-test=gaps] button').first()
  const told = Number((await first.textContent()).replace(/\D/g, ''))
  same('the largest gap comes first', told, target.gap)
}

async function shelterByClick(target) {
  check('a usable shelter is green', await colourTurns(target.at, isGreen))
  const at = await pixelOf(target.at)
  await page.mouse.click(at.x, at.y)
  await page.waitForSelector(`[data-test=shelter][data-id="${target.id}"]`)
  same('a click on it shows its places', await value('usable'), target.usable)
  await page.fill('input[name=search]', target.at.join(','))
  await page.press('input[name=search]', 'Enter')
  await page.waitForSelector('[data-test=explain]')
  const reasons = page.locator('[data-test=reason]')
  same('a place has five shelters with reasons', await reasons.count(), 5)
  await page.click('[data-test=en]')
  const text = await page.textContent('[data-test=explain]')
  check('the page turns English', /The nearest five/.test(text), text)
  same('and says so', await page.getAttribute('html', 'lang'), 'en')
  const tabs = await page.textContent('.el-tabs__nav')
  check('its tabs too', !/[一-鿿]/.test(tabs), tabs)
  await page.keyboard.press('Tab')
  const focus = await page.evaluate(() => document.activeElement.tagName)
  check('the keyboard gets on', focus !== 'BODY', focus)
  await page.click('[data-test=zh]')
}

async function liveInspection(target) {
  await tab('feed')
  await page.waitForSelector('[data-test=feed] li')
  await tab('coverage')
  const before = await value('places')
  const { event } = await outside('inspect')
  check(
    'an inspection lowers the places',
    await becomes('places', before - target.usable),
  )
  const { coverage } = await outside('coverage')
  same('to what shelterctl says', await value('placed'), coverage.placed)
  await tab('feed')
  await page.waitForSelector(`[data-test=feed] li[data-id="${event}"]`)
  check('and stands in the feed', true)
  check('the circle turns red', await colourTurns(target.at, isRed))
  await tab('notices')
  await page.click('[data-test=notices] summary')
  await page.waitForSelector('[data-test=notices] .el-timeline-item')
  check('its notice tells its steps', true)
  const gives = await page.locator('[data-test=repairs] .gives').first().textContent()
  same(
    'its repair gives the places back',
    Number(gives.replace(/\D/g, '')),
    target.usable,
  )
}

async function liveDrill() {
  await tab('drill')
  await outside('drill')
  await page.waitForSelector('[data-test=drill][data-state=running]')
  const mark = await page.textContent('[data-test=exercise]')
  check('a drill is marked in both languages', /演练.*EXERCISE/.test(mark), mark)
  await page.waitForSelector('[data-test=signals] .past')
  const signals = await page.textContent('[data-test=signals]')
  check('its signals tell their rhythm', signals.includes('36/24 s × 3'), signals)
  const { arrived } = await outside('arrive')
  check('arrivals are counted live', await becomes('arrived', arrived))
}

async function lostDaemon() {
  await tab('feed')
  const known = await feedIds()
  expected.refused = true
  const { events } = await outside('restart')
  await page.waitForSelector(`[data-test=feed] li[data-id="${events.at(-1)}"]`)
  await page.waitForSelector('[data-test=live][data-state=open]')
  expected.refused = false
  const ids = await feedIds()
  check(
    'after a restart each event is there once',
    JSON.stringify(ids) === JSON.stringify([...[...events].reverse(), ...known]),
    ids,
  )
  same('the stream went on from its last event', streams.at(-1), known[0])
}

async function endedSession() {
  expected.refused = true
  await outside('revoke')
  await page.waitForSelector('input[name=password]')
  check('a session that was ended returns to the log-in', true)
}

try {
  const target = await outside('target')
  await logIn()
  await mapAndNumbers(target)
  await shelterByClick(target)
  await liveInspection(target)
  await liveDrill()
  await lostDaemon()
  await endedSession()
} catch (error) {
  check('the page goes through its test', false, error.message)
}
same('no request went to another host', strangers.join(' '), '')
same('no error on the console', errors.join(' '), '')
await browser.close()
process.exit(failures ? 1 : 0)
