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
const asked = []
page.on('request', (request) => {
  const { protocol, origin: to, pathname } = new URL(request.url())
  asked.push(pathname)
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
/** How many pixels around have the colour of a closed street. */
async function darkRed({ x, y }) {
  const clip = { x: x - 40, y: y - 40, width: 81, height: 81 }
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
    let n = 0
    for (let i = 0; i < data.length; i += 4)
      n += data[i] > 110 && data[i] < 145 && data[i + 1] < 45 && data[i + 2] < 45
    return n
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

/** Tiles asked for while something goes on. */
async function tilesDuring(what) {
  const before = asked.length
  await what()
  return asked.slice(before).filter((path) => /\/tiles\//.test(path))
}

async function slider() {
  await tab('coverage')
  const handle = page.locator('.slider .el-slider__button-wrapper').first()
  const before = await value('covered')
  const tiles = await tilesDuring(async () => {
    await handle.focus()
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight')
    const { coverage } = await outside('coverage 300')
    check('the slider covers more', coverage.covered > before, coverage.covered)
    check('the numbers follow it', await becomes('placed', coverage.placed))
    await page.waitForSelector('[data-test=coverage][aria-busy=false]')
  })
  check(
    'the map does, too',
    tiles.some((path) => path.includes('/coverage/')),
    tiles,
  )
  check('but not the register', !tiles.some((path) => path.includes('/map/')), tiles)
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft')
  const { coverage } = await outside('coverage')
  check('and back', await becomes('placed', coverage.placed))
}

/** Somebody else, in the office, who closes things in a page of her own. */
async function officeCloses(target) {
  const other = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const office = await other.newPage()
  office.setDefaultTimeout(20_000)
  await office.goto(`${url}/`)
  await office.fill('input[name=user]', 'keeper')
  await office.fill('input[name=password]', password)
  await office.press('input[name=password]', 'Enter')
  await office.waitForSelector('[data-test=live][data-state=open]')
  await office.click('#tab-place')
  await office.fill('input[name=search]', target.name)
  await office.click('[data-test=found] button')
  await office.click(`[data-test=shelter][data-id="${target.id}"] [data-test=turn]`)
  check(
    'a shelter closed on another page turns red',
    await colourTurns(target.at, isRed),
  )
  const { coverage } = await outside('coverage')
  check('and is not counted', await becomes('places', coverage.places))
  await office.click('[data-test=turn]')
  check('opened again it is green', await colourTurns(target.at, isGreen))
  await office.fill('input[name=search]', target.street.join(','))
  await office.press('input[name=search]', 'Enter')
  await office.fill('input[name=reason]', '塌方')
  await office.click('[data-test=close-street]')
  await office.waitForSelector('[data-test=closures] li')
  await tab('place')
  await page.fill('input[name=search]', target.street.join(','))
  await page.press('input[name=search]', 'Enter')
  await page.waitForSelector('[data-test=closures] li')
  const told = await page.textContent('[data-test=closures]')
  check('a closed street is listed with its reason', told.includes('塌方'), told)
  same(
    'who only reads opens nothing',
    await page.locator('[data-test=open-street]').count(),
    0,
  )
  await page.waitForTimeout(1500) // the flight there
  await page.fill('input[name=search]', '')
  const at = await pixelOf(target.street)
  let colours = 0
  for (let i = 0; i < 40 && !colours; i++) colours = await darkRed(at)
  check('and dark red on the map', colours > 0)
  await office.click('[data-test=open-street]')
  await page.waitForSelector('[data-test=closures] li', { state: 'detached' })
  check('until it is open again', true)
  await other.close()
}

/** Many changes at once: few questions, and what is drawn stays drawn. */
async function burst(target) {
  await page.fill('input[name=search]', target.at.join(','))
  await page.press('input[name=search]', 'Enter')
  check('a shelter to look at', await colourTurns(target.at, isGreen))
  await page.waitForTimeout(1500)
  await colourTurns(target.at, isGreen)
  await page.waitForSelector('[data-test=explain]')
  const view = await page.getAttribute('[data-test=map]', 'data-view')
  const at = await pixelOf(target.at)
  let gone = 0
  const one = await tilesDuring(async () => {
    await outside('note')
    await page.waitForTimeout(2000)
  })
  check('a change asks for tiles', one.length > 0, one.length)
  const tiles = await tilesDuring(async () => {
    const done = outside('burst').then(() => true)
    for (let over = false; !over; ) {
      over = await Promise.race([done, page.waitForTimeout(20).then(() => false)])
      if (!isGreen(await colourAt(at))) gone++
    }
    await page.waitForTimeout(1000)
  })
  same('the view stays', await page.getAttribute('[data-test=map]', 'data-view'), view)
  same('what is drawn stays drawn meanwhile', gone, 0)
  check(
    'forty changes ask for them much less than forty times',
    tiles.length > 0 && tiles.length < 20 * one.length,
    `${tiles.length}, one change ${one.length}`,
  )
}

async function failingTiles() {
  await context.route('**/v1/map/tiles/**', (route) => route.fulfill({ status: 503 }))
  expected.refused = true
  await outside('note')
  const told = await page.textContent('.el-message--error')
  check('a tile that fails is told of', /地图|503/.test(told), told)
  await context.unroute('**/v1/map/tiles/**')
  await outside('note')
  expected.refused = false
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

async function comparison() {
  const { other, verdict, better, share } = await outside('again')
  const option = `[data-test=compare-with] option[value="${other}"]`
  await page.waitForSelector(option, { state: 'attached' })
  await page.selectOption('[data-test=compare-with]', String(other))
  await page.waitForSelector(`[data-test=compare][data-verdict=${verdict}]`)
  const text = await page.textContent('[data-test=compare]')
  check('a drill stands beside another one', text.includes(share), text)
  const names = await page.locator('[data-test=compare-better] button').count()
  same('with the shelters that did better', names, better)
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
  await slider()
  await officeCloses(target)
  await burst(target)
  await failingTiles()
  await liveInspection(target)
  await liveDrill()
  await comparison()
  await lostDaemon()
  await endedSession()
} catch (error) {
  check('the page goes through its test', false, error.message)
}
const whole = /^\/v1\/(map\/(shelters|homes|network)|coverage\/(area|homes))$/
same(
  'nothing was asked for as a whole',
  asked.filter((p) => whole.test(p)).join(' '),
  '',
)
same('no request went to another host', strangers.join(' '), '')
same('no error on the console', errors.join(' '), '')
await browser.close()
process.exit(failures ? 1 : 0)
