import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, build, sha256, temporaryFolder } from '../helper.ts'
import { noNginx, startNginx, startNginxOfOneServer, tlsOf } from '../peers/nginx.ts'
import { fromRoot } from './monitoring.ts'
import { freePort } from './service.ts'

const picture = `/dalle/simple/${ADDRESS}`
const run = promisify(execFile)

/** A folder with a certificate of dalle.example and its key. */
async function certificateFolder(t: Test): Promise<string> {
  const folder = await temporaryFolder(t)
  const options = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2'
  ]
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')]
  const names = ['-subj', '/CN=dalle.example', '-addext', 'subjectAltName=DNS:dalle.example']
  await run('openssl', ['req', ...options, ...files, ...names])
  return folder
}

t.test('nginx ends TLS in front of one server', { skip: noNginx() }, async (t) => {
  const folder = await certificateFolder(t)
  const ca = await readFile(join(folder, 'certificate.pem'), 'utf8')

  const settings = { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1', TB_DALLE_PUBLIC_URL: 'https://dalle.example' }
  const server = await build(t, { settings: { ...settings, TB_DALLE_HOSTS: 'dalle.example' } })
  const port = await freePort()
  const plain = await startNginx(t, [server.url], await tlsOf(folder, port))
  const socket = { host: '127.0.0.1', port: Number(port), servername: 'dalle.example', ca }

  /** A request over HTTP/2, as browsers send it. */
  const ask = async (path: string, authority = 'dalle.example') => {
    const session = connectHttp2('https://dalle.example', {
      createConnection: () => connect({ ...socket, ALPNProtocols: ['h2'] })
    })
    const request = session.request({ ':path': path, ':authority': authority, prefer: 'wait=60' })
    const [headers] = (await once(request, 'response')) as [Record<string, string>]
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    session.close()
    return { headers, body: Buffer.concat(chunks) }
  }

  await t.test(
    'pictures and pages come over HTTP/2, and the server knows that the way is safe',
    async (t) => {
      const made = await ask(`${picture}?generate=1`)
      t.match(made.headers, { ':status': 200, 'content-type': 'image/png' })
      t.match(made.headers['strict-transport-security'], /max-age=31536000/)
      const direct = await fetch(server.url + picture, { headers: { host: 'dalle.example' } })
      t.equal(sha256(made.body), sha256(Buffer.from(await direct.arrayBuffer())))
      const page = await ask(`/preview/simple/${ADDRESS}`)
      t.match(
        page.body.toString(),
        `<link rel="canonical" href="https://dalle.example/preview/simple/${ADDRESS}"`
      )
      const stranger = await ask(picture, 'other.example')
      t.equal(stranger.headers[':status'], 403, 'a name that is not of this server')
    }
  )

  await t.test('a request without TLS is sent to the same URL with TLS', async (t) => {
    for (const [method, path] of [
      ['GET', `${picture}?generate=1&force=1`],
      ['POST', '/v1/batches']
    ] as const) {
      const { status, headers } = await fetch(plain + path, { method, redirect: 'manual' })
      t.match([status, headers.get('location')], [308, `https://127.0.0.1${path}`])
    }
  })

  await t.test('what proves the name to ACME is answered without TLS, and the key is not', async (t) => {
    await mkdir(join(folder, '.well-known/acme-challenge'), { recursive: true })
    await writeFile(join(folder, '.well-known/acme-challenge/a-token'), 'a-token.and-a-key')
    const proof = await fetch(`${plain}/.well-known/acme-challenge/a-token`)
    t.match([proof.status, await proof.text()], [200, 'a-token.and-a-key'])
    for (const path of [
      '/key.pem',
      '/.well-known/key.pem',
      '/.well-known/acme-challenge/%2e%2e/%2e%2e/key.pem'
    ]) {
      const { status } = await fetch(plain + path, { redirect: 'manual' })
      t.equal(status, 308, path)
    }
  })

  await t.test('TLS 1.2 and 1.3 with forward secrecy, and nothing older', async (t) => {
    const handshake = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', ciphers?: string) => {
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'dalle.example', '-brief']
      const flag = `-${version.toLowerCase().replace('v', '').replace('.', '_')}`
      const old =
        version === 'TLSv1.1' ? ['-cipher', 'DEFAULT@SECLEVEL=0'] : ciphers ? ['-cipher', ciphers] : []
      const client = run('openssl', [...args, flag, ...old])
      client.child.stdin!.end()
      return await client.then(
        ({ stderr }) => stderr,
        ({ stderr }: { stderr: string }) => `refused: ${stderr}`
      )
    }
    t.match(await handshake('TLSv1.3'), /Protocol version: TLSv1\.3/)
    t.match(await handshake('TLSv1.2'), /Protocol version: TLSv1\.2/)
    t.match(await handshake('TLSv1.1'), /^refused: .*protocol version/s)
    t.match(await handshake('TLSv1.2', 'AES128-SHA'), /^refused: .*handshake failure/s, 'no forward secrecy')
  })
})

t.test('nginx of Debian in front of a server of systemd', { skip: noNginx() }, async (t) => {
  const own = await certificateFolder(t)
  const requests: IncomingMessage[] = []
  // It stands in for the server: a response that does not end shows what nginx keeps back.
  const server = createServer((request, response) => {
    requests.push(request)
    response.write('data: 1\n\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const tlsPort = await freePort()
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const plain = await startNginxOfOneServer(t, { server: at, own, tlsPort })

  const openSession = () =>
    connectHttp2('https://dalle.example', {
      createConnection: () =>
        connect({
          host: '127.0.0.1',
          port: Number(tlsPort),
          servername: 'dalle.example',
          ca: readFileSync(join(own, 'certificate.pem')),
          ALPNProtocols: ['h2']
        })
    })

  await t.test('sends each event at once over HTTP/2, and says who asks', async (t) => {
    const session = openSession()
    t.teardown(() => session.destroy())
    const claims = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.2', 'x-dalle-hand-over': 'yes' }
    const request = session.request({ ':path': `${picture}/events`, ...claims })
    const [chunk] = (await once(request, 'data')) as [Buffer]
    t.equal(chunk.toString(), 'data: 1\n\n')
    t.match(requests.at(-1)!.headers, {
      host: 'dalle.example',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'dalle.example',
      'x-forwarded-proto': 'https'
    })
    for (const name of ['x-real-ip', 'x-dalle-hand-over']) t.notOk(requests.at(-1)!.headers[name], name)
  })

  await t.test('answers in the envelope while the server restarts, and browsers with a page', async (t) => {
    const ask = async (path: string, headers: Record<string, string>) => {
      const session = openSession()
      const request = session.request({ ':path': path, ...headers })
      const [received] = (await once(request, 'response')) as [Record<string, string>]
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      session.close()
      return { received, text: Buffer.concat(chunks).toString() }
    }
    server.close()
    server.closeAllConnections()
    const away = { ':status': 503, 'retry-after': '2', 'cache-control': 'no-store' }
    for (const path of [`${picture}?generate=1`, '/events', '/v1/images']) {
      const { received, text } = await ask(path, { 'x-request-id': 'of-the-client' })
      t.match(received, { ...away, 'content-type': 'application/json; charset=utf-8' }, path)
      t.equal(received['x-request-id'], 'of-the-client')
      const body = JSON.parse(text)
      t.match(body, {
        success: false,
        error: { code: 'SERVICE_UNAVAILABLE', request_id: 'of-the-client' },
        request_id: 'of-the-client'
      })
      t.ok(Number.isInteger(body.error.timestamp))
    }
    const page = await ask('/preview', { accept: 'text/html,*/*;q=0.8' })
    t.match(page.received, { ...away, 'content-type': 'text/html; charset=utf-8' })
    t.match(page.text, /^<!doctype html>.*Back in a moment/)
    t.match(page.received['x-request-id'], /^[0-9a-f]{8}$/)
  })

  await t.test('sends requests without TLS to TLS, except for those of ACME', async (t) => {
    await mkdir(join(own, '.well-known/acme-challenge'), { recursive: true })
    await writeFile(join(own, '.well-known/acme-challenge/a-token'), 'a-token.and-a-key')
    const proof = await fetch(`${plain}/.well-known/acme-challenge/a-token`)
    t.match([proof.status, await proof.text()], [200, 'a-token.and-a-key'])
    const { status, headers } = await fetch(`${plain}${picture}?generate=1`, { redirect: 'manual' })
    t.match([status, headers.get('location')], [308, `https://127.0.0.1${picture}?generate=1`])
  })
})

t.test(
  'nginx of Debian in front of a server that hands its pictures over',
  { skip: noNginx() },
  async (t) => {
    const own = await certificateFolder(t)
    const ca = await readFile(join(own, 'certificate.pem'), 'utf8')
    const handed: unknown[] = []
    const { url, dataDir } = await build(t, {
      settings: { TB_DALLE_ACCEL_REDIRECT: '/internal/', TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' },
      extend: (app) =>
        app.addHook('onSend', async (_request, reply) => {
          const path = reply.getHeader('x-accel-redirect')
          if (path !== undefined) handed.push(path)
        })
    })
    const tlsPort = await freePort()
    await startNginxOfOneServer(t, { server: url, own, tlsPort, dataDir })
    const ask = async (path: string, localAddress = '127.0.0.1') => {
      const socket = {
        host: '127.0.0.1',
        port: Number(tlsPort),
        servername: 'dalle.example',
        ca,
        localAddress
      }
      const session = connectHttp2('https://dalle.example', {
        createConnection: () => connect({ ...socket, ALPNProtocols: ['h2'] })
      })
      const request = session.request({ ':path': path, ':authority': 'localhost', prefer: 'wait=50' })
      const [headers] = (await once(request, 'response')) as [Record<string, string>]
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      session.close()
      return { headers, body: Buffer.concat(chunks) }
    }

    await t.test('sends a picture from the data folder, and nothing to who names its path', async (t) => {
      t.match((await ask(`${picture}?generate=1`)).headers, { ':status': 200 })
      handed.length = 0
      const sent = await ask(picture)
      const direct = await fetch(url + picture)
      t.match(sent.headers, {
        ':status': 200,
        'content-type': 'image/png',
        etag: direct.headers.get('etag')!
      })
      t.equal(sha256(sent.body), sha256(Buffer.from(await direct.arrayBuffer())))
      t.equal(handed.length, 1, 'nginx sent it')
      t.equal((await ask(String(handed[0]))).headers[':status'], 404)
    })

    await t.test('keeps the figures of operators on this machine', async (t) => {
      for (const path of ['/metrics', '/errors', '/health', '/metrics/', '/%6detrics']) {
        t.equal((await ask(path)).headers[':status'], 200, path)
        const { headers, body } = await ask(path, '127.0.0.2')
        t.match(headers, { ':status': 403, 'content-type': 'application/json; charset=utf-8' }, path)
        t.match(JSON.parse(body.toString()), { success: false, error: { code: 'FORBIDDEN' } }, path)
      }
      for (const path of ['/healthz', '/readyz', picture]) {
        t.equal((await ask(path, '127.0.0.2')).headers[':status'], 200, path)
      }
    })
  }
)

t.test('a certificate of certbot is installed, and a working nginx loads it', async (t) => {
  const root = await temporaryFolder(t)
  await mkdir(join(root, 'docker/nginx'), { recursive: true })
  await cp(fromRoot('docker/nginx'), join(root, 'docker/nginx'), { recursive: true })
  const lineage = await temporaryFolder(t)
  await writeFile(join(lineage, 'fullchain.pem'), 'the certificate')
  await writeFile(join(lineage, 'privkey.pem'), 'the key')
  // These stand in for Docker, which is not on each machine, and for chown, which needs root.
  const bin = await temporaryFolder(t)
  const calls = join(bin, 'calls')
  const stub = async (name: string, lines: string) =>
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${calls}'\n${lines}\n`, {
      mode: 0o755
    })
  await stub('chown', '')
  await stub('docker', '')
  const install = async (args: string[], env: Record<string, string> = {}) => {
    const command = [join(root, 'docker/nginx/install-certificate.sh'), ...args]
    await run('sh', command, { env: { PATH: `${bin}:${process.env.PATH}`, ...env } })
    return await readFile(calls, 'utf8')
  }
  const to = join(root, 'docker/secrets/tls')
  t.notMatch(await install([lineage]), /reload/, 'nginx does not run yet')
  t.equal(await readFile(join(to, 'certificate.pem'), 'utf8'), 'the certificate')
  t.equal(await readFile(join(to, 'key.pem'), 'utf8'), 'the key')
  t.equal((await stat(join(to, 'key.pem'))).mode & 0o777, 0o600)
  await writeFile(join(lineage, 'privkey.pem'), 'the next key')
  await stub('docker', '[ "$6" = ps ] && echo an-id; exit 0')
  const log = await install([], { RENEWED_LINEAGE: lineage })
  t.equal(await readFile(join(to, 'key.pem'), 'utf8'), 'the next key')
  t.ok(
    log.includes(`docker compose -f ${root}/docker/compose.yaml --profile tls exec -T tls nginx -s reload\n`)
  )
  await t.rejects(install([]), /name the folder of the certificate/)
})
