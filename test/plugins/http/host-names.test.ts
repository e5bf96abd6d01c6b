import Fastify from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import app from '../../../app.ts'
import { createConfig } from '../../../lib/config/config.ts'
import { ADDRESS, build, buildApp, json, plainPng, temporaryFolder } from '../../helper.ts'
import { rawRequest } from '../../raw-http.ts'

async function askUnder(t: Test, settings: Record<string, string> = {}) {
  const { url } = await build(t, { settings })
  return async (host: string, path = '/series') =>
    await rawRequest(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

t.test('on loopback, only its own names and those in TB_DALLE_HOSTS are answered', async (t) => {
  const ask = await askUnder(t, { TB_DALLE_HOSTS: 'dalle.example,192.0.2.7' })
  for (const host of [
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    '127.0.0.1:1',
    '[::1]:8080',
    'dalle.example',
    'Dalle.Example:443',
    '192.0.2.7'
  ]) {
    t.match(await ask(host), /^HTTP\/1\.1 200/, host)
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    'a.dalle.example',
    '127.0.0.2',
    '10.0.0.1',
    'server'
  ]) {
    const answer = await ask(`${host}:8080`)
    t.match(answer, /^HTTP\/1\.1 403/, host)
    t.match(answer, /"code":"FORBIDDEN"/)
    t.ok(answer.includes(`set TB_DALLE_HOSTS=${host}"`), host)
  }
})

t.test('a page under a name with a changed address reads and removes nothing', async (t) => {
  const { app, ask } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const picture = `/dalle/simple/${ADDRESS}`
  const browser = { host: 'evil.example:8080', 'sec-fetch-site': 'same-origin', 'user-agent': 'Mozilla/5.0' }
  for (const path of [
    picture,
    `${picture}?remove=1`,
    '/v1/gallery',
    '/errors?clear=1',
    '/preview',
    '/metrics'
  ]) {
    const refused = await ask(path, { headers: browser })
    t.equal(refused.status, 403, path)
    t.equal((await json(refused)).error.code, 'FORBIDDEN')
  }
  t.equal((await ask(picture, { method: 'DELETE', headers: browser })).status, 403)
  t.ok(await app.pictures.stored.find('simple', ADDRESS))
})

t.test('probes and the address of the connection are answered under each name', async (t) => {
  const ask = await askUnder(t, { TB_DALLE_HOST: '0.0.0.0', TB_DALLE_HOSTS: 'dalle.example' })
  for (const path of ['/healthz', '/readyz']) {
    t.match(await ask('10.1.2.3:8080', path), /^HTTP\/1\.1 200/, path)
  }
  t.match(await ask('127.0.0.1:8080'), /^HTTP\/1\.1 200/, 'the address of this connection')
  t.match(
    await ask('localhost:8080'),
    /^HTTP\/1\.1 200/,
    'its name, because the connection is one of loopback'
  )
  t.match(await ask('dalle.example'), /^HTTP\/1\.1 200/)
  t.match(await ask('10.1.2.3:8080'), /^HTTP\/1\.1 403/)
  t.match(await ask('10.1.2.3', '/health'), /^HTTP\/1\.1 403/)
})

t.test('a server that others can reach answers to all names where none are set', async (t) => {
  const ask = await askUnder(t, { TB_DALLE_HOST: '0.0.0.0' })
  for (const host of ['dalle.example', '10.1.2.3:8080', 'server:8080']) {
    t.match(await ask(host), /^HTTP\/1\.1 200/, host)
  }
})

t.test(
  'a proxy passes its own name, the name of its client, or the one of TB_DALLE_PUBLIC_URL',
  async (t) => {
    const ask = await askUnder(t, { TB_DALLE_PUBLIC_URL: 'https://pictures.example/' })
    t.match(await ask('pictures.example'), /^HTTP\/1\.1 200/)
    t.match(await ask('127.0.0.1:8080'), /^HTTP\/1\.1 200/, 'proxy_pass http://127.0.0.1:8080')
    t.match(await ask('upstream_name'), /^HTTP\/1\.1 403[^]*set TB_DALLE_HOSTS=upstream_name/)
  }
)

t.test('the name in a whole URL counts too', async (t) => {
  const { url } = await build(t)
  const ask = async (target: string, host: string) =>
    await rawRequest(url, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  t.match(await ask('http://localhost/series', 'localhost'), /^HTTP\/1\.1 200/)
  t.match(await ask('http://evil.example/series', 'localhost'), /^HTTP\/1\.1 403/)
  t.match(await ask('http://localhost/series', 'evil.example'), /^HTTP\/1\.1 403/)
  t.match(await ask('http://me@evil/series', 'localhost'), /^HTTP\/1\.1 400/)
})

t.test('in another application, names are its own business', async (t) => {
  const server = Fastify()
  t.teardown(() => server.close())
  const config = createConfig({ TB_DALLE_DATA_DIR: await temporaryFolder(t) })
  await server.register(app, { config })
  const { statusCode } = await server.inject({ url: '/series', headers: { host: 'shop.example' } })
  t.equal(statusCode, 200)
})
