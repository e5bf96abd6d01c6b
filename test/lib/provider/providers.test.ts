import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import type { OpenAi } from '../../../lib/provider/client.ts'
import { createProviders } from '../../../lib/provider/providers.ts'

const held = Object.assign(errors.budgetExhausted('reserved', 60), { isHeld: true })
const spent = errors.budgetExhausted('spent', 60)
const away = errors.unavailable('the circuit is open')

/** A client of a provider that refuses for this reason. */
const clientOf = (name: string, refusal: ServiceError | undefined) =>
  ({ config: { name, image: {} }, refusal: () => refusal }) as unknown as OpenAi

const refusalOf = (...refusals: Array<ServiceError | undefined>) =>
  createProviders({
    clients: refusals.map((refusal, index) => clientOf(`provider-${index}`, refusal))
  }).refusal('draw')

t.test(
  'a refusal names the reason that may soon be over, and there is none where one provider can draw',
  async (t) => {
    t.equal(refusalOf(away, undefined), undefined)
    t.equal(refusalOf(away, held), held, 'money that is only reserved may come free')
    t.equal(refusalOf(held, away), held)
    t.equal(refusalOf(away, spent), away)
  }
)

t.test('a provider whose money is only reserved is asked after one whose budget is spent', async (t) => {
  const asked: string[] = []
  const failing = (name: string, refusal: ServiceError | undefined) =>
    ({
      ...clientOf(name, refusal),
      async draw() {
        asked.push(name)
        throw spent
      }
    }) as unknown as OpenAi
  const draw = async (...clients: OpenAi[]) =>
    await createProviders({ clients }).draw('', 'square' as never, new AbortController().signal, {
      onProvider: async () => {}
    } as never)
  await t.rejects(draw(failing('first', undefined), failing('second', held)))
  t.same(asked, ['first', 'second'])
  asked.length = 0
  await t.rejects(draw(failing('first', undefined), failing('second', spent)))
  t.same(asked, ['first'])
})
