import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import t from 'tap'
import { ADDRESS, bodyOf, build, json, pollUntilDone } from '../../helper.ts'
import { smallArtist } from './artist.ts'
import { examplesOf, operationsIn, pointer } from './operations.ts'
import type { OpenApiDocument, Operation } from './operations.ts'

/** Operations whose example is about something that is not there. */
const ABSENT: Record<string, number> = { cancelRun: 404, getBatch: 404, cancelBatch: 404, followBatch: 404 }
/** Operations and parameters that remove what the other examples read. */
const LAST = ['deleteImage', 'restoreImage', 'remove']

interface Example {
  operation: Operation
  /** The method, the path, and the parameter that is given beside those that must be. */
  title: string
  /** Whether only what must be is given. */
  isPlain: boolean
  parameter: string
  path: string
  headers: Record<string, string>
  body: unknown
}

/** The others come first. */
function turnOf({ operation, parameter }: Example): number {
  return Math.max(LAST.indexOf(operation.operationId), LAST.indexOf(parameter))
}

/** A request for each operation, and one more for each further example of a parameter or a body. */
function examplesIn(operation: Operation): Example[] {
  const { parameters = [], requestBody, method } = operation
  const pathWith = (other: Record<string, unknown> = {}) =>
    parameters
      .filter((parameter) => parameter.in === 'path')
      .reduce((text, each) => {
        const value = other[each.name] ?? examplesOf(each)[0]
        return text.replace(`{${each.name}}`, encodeURIComponent(String(value)))
      }, operation.path)
  const path = pathWith()
  const bodies = requestBody === undefined ? [] : examplesOf(requestBody.content['application/json']!)
  const title = `${method.toUpperCase()} ${path}`
  const plain: Example = {
    operation,
    title,
    isPlain: true,
    parameter: '',
    path,
    headers: {},
    body: bodies[0]
  }
  const further = parameters.flatMap((parameter): Example[] => {
    const { name } = parameter
    const base = { ...plain, title: `${title} with ${name}`, isPlain: false, parameter: name }
    return examplesOf(parameter).flatMap((given): Example[] => {
      const value = String(given)
      if (parameter.in === 'query') {
        return [{ ...base, path: `${path}?${new URLSearchParams([[name, value]])}` }]
      }
      if (parameter.in === 'header') return [{ ...base, headers: { [name]: value } }]
      return value === String(examplesOf(parameter)[0])
        ? []
        : [{ ...base, path: pathWith({ [name]: value }) }]
    })
  })
  const ofBodies = bodies
    .slice(1)
    .map((body): Example => ({ ...plain, title: `${title} with a further body`, body }))
  return [plain, ...ofBodies, ...further]
}

t.test('every example of /openapi.json is answered as the document says', async (t) => {
  const { url } = await build(t, { artist: smallArtist })
  const document = (await json(await fetch(`${url}/openapi.json`))) as OpenApiDocument
  const ajv = new Ajv2020({ strict: false, schemas: { document } })
  formats.default(ajv)
  await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`)

  const operations = operationsIn(document)
  const examples = operations.flatMap(examplesIn).sort((a, b) => turnOf(a) - turnOf(b))
  t.ok(examples.length > operations.length, `${examples.length} examples of ${operations.length} operations`)
  const faults: string[] = []
  for (const example of examples) {
    const found = await faultsOf(url, ajv, example)
    faults.push(...found.map((fault) => `${example.title}: ${fault}`))
  }
  t.same(faults, [])
})

/** Sends an example; returns in what the answer differs from the document. */
async function faultsOf(url: string, ajv: Ajv2020, example: Example): Promise<string[]> {
  const { operation, isPlain, path, body } = example
  const { method, responses, operationId } = operation
  const headers = { ...example.headers, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) })
  })
  const { status } = response
  const type = response.headers.get('content-type')?.split(';', 1)[0]
  const isStream = type === 'text/event-stream'
  if (isStream) await response.body!.cancel()
  const bytes = isStream ? undefined : await bodyOf(response)
  const described = responses[status]
  if (described === undefined) return [`${status} is not in the document`]
  const expected = ABSENT[operationId]
  if (isPlain && (expected === undefined ? status >= 400 : status !== expected)) {
    return [`answered with ${status}`]
  }
  if (type === undefined) return described.content === undefined ? [] : ['it has no body']
  if (described.content?.[type] === undefined) return [`${type} is not in the document`]
  if (bytes?.length === 0) return ['its body is empty']
  if (type !== 'application/json') return []
  const keys = ['paths', operation.path, method, 'responses', String(status), 'content', type, 'schema']
  const validate = ajv.compile({ $ref: `document${pointer(...keys)}` })
  return validate(JSON.parse(bytes!.toString())) ? [] : [JSON.stringify(validate.errors)]
}
