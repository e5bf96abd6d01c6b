import { createConfig as createRules, lintFromString } from '@redocly/openapi-core'
import Fastify from 'fastify'
import type { RouteOptions } from 'fastify'
import t from 'tap'
import app, { serverOptions } from '../../../app.ts'
import { createConfig } from '../../../lib/config/config.ts'
import { temporaryFolder } from '../../helper.ts'
import { examplesOf, operationsIn } from './operations.ts'
import type { OpenApiDocument, Operation } from './operations.ts'

/** Routes that are no part of the interface: pages, their files, and paths that only lead to errors. */
const HIDDEN = [
  /^GET \/preview(\/|$)/,
  /^GET \/docs(\/|$)/,
  /^GET \/(robots\.txt|favicon\.ico)$/,
  /^GET \/(avatar|dalle|nft)(\/\*)?$/,
  /^DELETE \/v1\/images$/
]

t.test('/openapi.json', async (t) => {
  const config = createConfig({ TB_DALLE_DATA_DIR: await temporaryFolder(t), LOG_LEVEL: 'silent' })
  const host = Fastify(serverOptions)
  t.teardown(() => host.close())
  const routes: RouteOptions[] = []
  host.get('/before', async () => 'before')
  host.addHook('onRoute', (route) => {
    routes.push(route)
  })
  await host.register(app, { config, watchesModels: false })
  const ownRoutes = [...routes]
  host.get('/after', async () => 'after')
  await host.register(async (child) => {
    child.get('/child', async () => 'child')
  })
  await host.ready()
  const response = await host.inject('/openapi.json')
  const document = response.json<OpenApiDocument>()
  const operations = operationsIn(document)

  t.test('is OpenAPI 3.1, has an ETag, and is sent once', async (t) => {
    const { headers } = response
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
    t.equal(headers['cache-control'], 'public, no-cache')
    t.match(document.openapi, /^3\.1\./)
    t.same(
      document.servers.map(({ url }) => url),
      ['/']
    )
    const url = '/openapi.json'
    const again = await host.inject({ url, headers: { 'if-none-match': headers.etag as string } })
    t.equal(again.statusCode, 304)
    t.equal((await host.inject({ url, method: 'HEAD' })).headers.etag, headers.etag)
  })

  t.test('has no fault that a linter finds', async (t) => {
    const rules = await createRules({ extends: ['recommended-strict'] })
    const problems = await lintFromString({ source: JSON.stringify(document), config: rules })
    t.same(
      problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
      []
    )
  })

  t.test('lists every route that is not hidden', async (t) => {
    const listed = new Set(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`))
    const named = ownRoutes.flatMap(({ method, url, schema }) => {
      const path = url.replace(/(?<=.)\/$/, '')
      const paths = schema?.operations
        ? Object.keys(schema.operations).map((each) => path.replace(/\/\*$/, each))
        : [path]
      const methods = [method].flat().filter((each) => each !== 'HEAD')
      return methods.flatMap((each) => paths.map((one) => `${each} ${one.replace(/:(\w+)/g, '{$1}')}`))
    })
    const missing = named.filter((name) => !listed.has(name) && !HIDDEN.some((each) => each.test(name)))
    t.same(missing, [])
    t.ok(operations.length > 30, `${operations.length} operations`)
  })

  t.test('describes every operation, parameter, body and response', async (t) => {
    const ids = operations.map(({ operationId }) => operationId)
    t.equal(new Set(ids).size, ids.length, 'each operation has its own id')
    const tags = document.tags.map(({ name }) => name)
    t.same(
      operations.flatMap((operation) =>
        lacksOf(operation, tags).map((lack) => `${operation.method} ${operation.path}: ${lack}`)
      ),
      []
    )
    t.ok(
      document.tags.every(({ description }) => description),
      'each tag has a description'
    )
  })

  t.test('names the shared schemas, and refers to them', async (t) => {
    const { schemas } = document.components
    for (const name of ['ApiError', 'Snapshot', 'DalleDress', 'Gallery', 'ImageRecord', 'GenerateResult']) {
      t.ok(schemas[name], name)
    }
    t.match(schemas.Snapshot, { properties: { dalleDress: { $ref: '#/components/schemas/DalleDress' } } })
    t.notMatch(JSON.stringify(document), /"\$id"/)
  })

  t.test('tells a picture and its progress apart by their media types', async (t) => {
    const { responses } = operations.find(({ operationId }) => operationId === 'getPicture')!
    const content = responses['200']!.content!
    for (const type of ['image/png', 'image/webp', 'image/avif', 'image/jpeg']) {
      t.match(content[type]?.schema, { type: 'string', format: 'binary' }, type)
    }
    t.match(JSON.stringify(content['application/json']), '#/components/schemas/Snapshot')
    t.match(responses['200']!.headers, { 'X-Dalle-Run': {}, ETag: {} })
    for (const status of ['429', '503']) t.match(responses[status]!.headers, { 'Retry-After': {} })
    t.match(responses['400']!.description, /INVALID_ADDRESS/)
  })

  t.test('names the header for a wrong checksum where an address can be given', async (t) => {
    const noting = operations.filter(({ responses }) =>
      Object.values(responses).every(({ headers }) => headers?.['X-Address-Checksum'] !== undefined)
    )
    const ids = noting.map(({ operationId }) => operationId)
    for (const id of ['getAvatar', 'getPicture', 'getFile', 'getToken', 'generateImage', 'createBatch']) {
      t.ok(ids.includes(id), id)
    }
    for (const { operationId, path } of operations) {
      if (path.includes('{address}')) t.ok(ids.includes(operationId), operationId)
    }
    t.notOk(ids.includes('listSeriesNames'))
  })

  t.test('says which operations may need a token', async (t) => {
    const open = (method: string) => ['get', 'head'].includes(method)
    for (const { method, path, security, responses } of operations) {
      const needs = security?.some((each) => 'bearer' in each) === true
      if (!open(method) && path !== '/v1/validate') t.ok(needs, `${method} ${path}`)
      if (needs) t.ok(responses['401'] && responses['403'], `${method} ${path}: its errors`)
    }
  })

  t.test('lists no route of the application in which the service is registered', async (t) => {
    for (const path of ['/before', '/after', '/child']) {
      t.equal((await host.inject(path)).statusCode, 200)
      t.notOk(document.paths[path], path)
    }
    t.notOk(host.hasDecorator('swagger'))
  })
})

t.test('/openapi.json below a prefix, with metrics on a port of their own', async (t) => {
  const settings = { TB_DALLE_DATA_DIR: await temporaryFolder(t), TB_DALLE_METRICS_PORT: '0' }
  const config = createConfig({ ...settings, TB_DALLE_PORT: '0', LOG_LEVEL: 'silent' })
  const host = Fastify(serverOptions)
  t.teardown(() => host.close())
  await host.register(async (child) => await child.register(app, { config, watchesModels: false }), {
    prefix: '/art'
  })
  const { servers, paths } = (await host.inject('/art/openapi.json')).json<OpenApiDocument>()
  t.same(
    servers.map(({ url }) => url),
    ['/art']
  )
  t.ok(paths['/dalle/{series}/{address}'], 'the paths begin after that of the server')
  t.ok(paths['/health'])
  t.notOk(paths['/metrics'] ?? paths['/errors'], 'what is on another port is not listed')
})

/** What the description of an operation lacks. */
function lacksOf(operation: Operation, knownTags: string[]): string[] {
  const { operationId, summary, description, tags = [], parameters = [], requestBody, responses } = operation
  const statuses = Object.keys(responses)
  const hasOwnErrors = statuses.some((each) => /^4\d\d$/.test(each))
  const parts: Array<[isThere: boolean, part: string]> = [
    [/^[a-z]+[A-Z]\w+$/.test(operationId), 'an operationId such as getPicture'],
    [Boolean(summary), 'a summary'],
    [Boolean(description), 'a description'],
    [tags.length === 1 && knownTags.includes(tags[0]!), 'one tag'],
    [['4XX', '5XX'].every((each) => statuses.includes(each)), 'the other errors'],
    [!operation.path.includes('{') || hasOwnErrors, 'the errors that its parameters lead to (schema.errors)'],
    ...parameters.flatMap((parameter): typeof parts => [
      [Boolean(parameter.description), `a description of ${parameter.name}`],
      [examplesOf(parameter).length > 0, `an example of ${parameter.name}`]
    ]),
    ...Object.values(requestBody?.content ?? {}).map((media): (typeof parts)[number] => [
      examplesOf(media).length > 0,
      'an example of the body'
    ]),
    ...Object.entries(responses).flatMap(([status, response]): typeof parts => [
      [response.description !== 'Default Response', `a description of ${status}`],
      [response.headers?.['X-Request-ID'] !== undefined, `X-Request-ID in ${status}`]
    ])
  ]
  return parts.filter(([isThere]) => !isThere).map(([, part]) => part)
}
