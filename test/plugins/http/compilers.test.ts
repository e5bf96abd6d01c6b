import Fastify from 'fastify'
import t from 'tap'
import { schemaController } from '../../../plugins/http/errors/compilers.ts'

const PERSON = { $id: 'Person', type: 'object', properties: { age: { type: 'integer' } } }

t.test('schemas are compiled at their first use, and check and write as those of Fastify', async (t) => {
  const server = Fastify({ schemaController })
  t.teardown(async () => await server.close())
  server.addSchema(PERSON)
  const schema = { body: { $ref: 'Person#' }, response: { 200: { $ref: 'Person#' } } }
  server.post('/people', { schema }, async ({ body }) => ({ ...(body as object), secret: 1 }))
  server.get('/wrong', { schema: { querystring: { type: 'no such type' } } }, async () => 'never')
  await server.ready()

  for (const age of ['5', 5]) {
    const { statusCode, body } = await server.inject({ method: 'POST', url: '/people', payload: { age } })
    t.equal(statusCode, 200)
    t.equal(body, '{"age":5}', 'the text is a number, and what the schema does not name is not sent')
  }
  const refused = await server.inject({ method: 'POST', url: '/people', payload: { age: 'old' } })
  t.equal(refused.statusCode, 400)
  t.match(refused.json().message, 'body/age must be integer')
  const wrong = await server.inject('/wrong')
  t.equal(wrong.statusCode, 500, 'a wrong schema shows when it is used')
})
