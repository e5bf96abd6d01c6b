import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, buildApp, plainPng } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

/** The texts of the links to files on the page of a picture, each of which must lead to a file. */
async function linksOf(t: Test, { ask }: TestApp, series: string, address: string): Promise<string[]> {
  const html = await (await ask(`/preview/${series}/${encodeURIComponent(address)}`)).text()
  const links = [...html.matchAll(/<a href="(\/files\/[^"]+\/(?:selector|generated)\/[^"]+)">([^<]+)</g)]
  for (const [, url] of links) t.equal((await ask(url!)).status, 200, url!)
  if (links.length === 0) t.notMatch(html, '<dt>Files</dt>')
  return links.map(([, , text]) => text!)
}

t.test('the page of a picture links to the files that are there', async (t) => {
  const server = await buildApp(t)
  const { files } = server.app
  const png = await plainPng(16)
  await server.ask(`/dalle/simple/${ADDRESS}?generate=1`)
  await (await server.ask(`/dalle/simple/${ADDRESS}`, { headers: { prefer: 'wait=55' } })).arrayBuffer()
  t.same(await linksOf(t, server, 'simple', ADDRESS), ['dress as JSON', 'without caption'])

  const output = join(server.dataDir, 'output/simple')
  await rm(join(output, `selector/${ADDRESS}.json`))
  t.same(await linksOf(t, server, 'simple', ADDRESS), ['without caption'])
  await rm(join(output, `generated/${ADDRESS}.png`))
  await mkdir(join(output, `generated/${ADDRESS}.png`))
  t.same(await linksOf(t, server, 'simple', ADDRESS), [], 'a folder is no file')

  const name = 'A picture of #1 & 100%'
  await files.write(`output/other/annotated/${name}.png`, png)
  t.same(await linksOf(t, server, 'other', name), [])
  await files.write(`output/other/generated/${name}.png`, png)
  t.same(await linksOf(t, server, 'other', name), ['without caption'])
})
