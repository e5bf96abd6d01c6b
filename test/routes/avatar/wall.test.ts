import { createHash } from 'node:crypto'
import t from 'tap'
import { build } from '../../helper.ts'
import { skip, startBrowser } from '../preview/browser.ts'

const COUNT = 200
const visit = await startBrowser(t)

function addressOf(index: number): string {
  return `0x${createHash('sha256').update(`wall ${index}`).digest('hex').slice(0, 40)}`
}

t.test('a page of another origin shows 200 avatars without pictures', { skip }, async (t) => {
  // With a limit for each client, as behind a proxy.
  const server = await build(t, { settings: { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' } })
  const context = await visit(t, server, { extraHTTPHeaders: { 'x-forwarded-for': '192.0.2.7' } })
  const page = await context.newPage()
  const images = Array.from({ length: COUNT }, (_, index) => {
    // Every tenth is an SVG, and every fifth asks for a picture too, which another site may not.
    const extension = index % 10 === 0 ? '.svg' : ''
    const query = index % 5 === 0 ? 'size=32&generate=1' : 'size=32'
    return `<img src="${server.url}/avatar/simple/${addressOf(index)}${extension}?${query}" alt="">`
  })
  await page.setContent(images.join(''))
  const widths = await page.evaluate(
    'Promise.all([...document.images].map(async (image) => (await image.decode(), image.naturalWidth)))'
  )
  t.strictSame(widths, Array<number>(COUNT).fill(32))
  t.equal((await server.app.generation.working(0)).count, 0, 'no run was started')
  const metrics = await server.app.metrics.text()
  t.match(metrics, new RegExp(`dalleserver_avatars_total\\{content="placeholder"\\} ${COUNT}\n`))
})
