import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { ADDRESS, buildApp, createScriptedArtist, temporaryFolder, until } from '../../helper.ts'

type Line = Record<string, unknown>

/** Starts a run, ends it, and returns its lines and how often the metrics call it an error. */
async function linesOf(t: Test, end: (asked: Asked, ask: Ask) => unknown) {
  const lines: Line[] = []
  const { artist, asked } = createScriptedArtist()
  const { app, ask } = await buildApp(t, {
    artist,
    settings: { LOG_LEVEL: 'info' },
    onLogLine: (line) => lines.push(line)
  })
  await ask(`/dalle/simple/${ADDRESS}?generate=1`)
  await until(() => asked.length === 1)
  await end(asked[0]!, ask)
  const ofRun = () => lines.filter(({ runId }) => runId !== undefined)
  await until(() => ofRun().some(({ outcome }) => outcome !== undefined))
  return { lines: ofRun().filter(({ level }) => Number(level) > 20), report: app.metrics.report.read() }
}

type Test = Parameters<typeof buildApp>[0]
type Ask = Awaited<ReturnType<typeof buildApp>>['ask']
type Asked = ReturnType<typeof createScriptedArtist>['asked'][number]

t.test('a run that a client cancels has one line, and is no error', async (t) => {
  const { lines, report } = await linesOf(t, (_asked, ask) =>
    ask(`/dalle/simple/${ADDRESS}`, { method: 'DELETE' })
  )
  t.match(lines, [{ level: 30, msg: 'run cancelled', outcome: 'cancelled', err: undefined }])
  t.equal(lines.length, 1)
  t.equal(report.total_errors, 0)
})

t.test('a run that fails has one line; what the provider does not draw is a warning', async (t) => {
  const failed = await linesOf(t, (asked) => asked.fail(new Error('no paint')))
  t.match(failed.lines, [{ level: 50, msg: 'run failed', err: { message: String } }])
  t.equal(failed.lines.length, 1)
  t.equal(failed.report.total_errors, 1)
  const refused = await linesOf(t, (asked) =>
    asked.fail(errors.provider('CONTENT_REJECTED', 'The provider refuses to draw this'))
  )
  const reason = 'The provider refuses to draw this'
  t.match(refused.lines, [{ level: 40, msg: 'run failed', errorCode: 'CONTENT_REJECTED', reason }])
  t.equal(refused.lines.length, 1)
  const overBudget = await linesOf(t, (asked) => asked.fail(errors.budgetExhausted('1 USD a day', 60)))
  t.match(overBudget.lines, [
    { level: 40, msg: 'run failed', errorCode: 'BUDGET_EXHAUSTED', reason: /1 USD/ }
  ])
  t.notMatch(JSON.stringify([...refused.lines, ...overBudget.lines]), /"stack"/, 'a refusal has no stack')
})

t.test('a run that ends in the queue has a warning with its reason', async (t) => {
  const lines: Line[] = []
  const { artist, asked } = createScriptedArtist()
  const { app, ask } = await buildApp(t, {
    artist,
    settings: { LOG_LEVEL: 'info', TB_DALLE_CONCURRENCY: '1' },
    onLogLine: (line) => lines.push(line)
  })
  await ask(`/dalle/simple/${ADDRESS}?generate=1`)
  await until(() => asked.length === 1)
  await ask(`/dalle/birds/${ADDRESS}?generate=1`)
  await app.engine.runs.cancel(
    'birds',
    ADDRESS,
    errors.provider('OPENAI_UNAVAILABLE', 'The provider is away')
  )
  await until(() => lines.some(({ outcome }) => outcome !== undefined))
  t.match(
    lines.filter(({ outcome }) => outcome !== undefined),
    [
      {
        level: 40,
        msg: 'run ended before it began',
        errorCode: 'OPENAI_UNAVAILABLE',
        reason: 'The provider is away'
      }
    ]
  )
})

t.test('a run of an earlier process that cannot go on has a warning with its reason', async (t) => {
  const lines: Line[] = []
  const dataDir = await temporaryFolder(t)
  const { artist, asked } = createScriptedArtist()
  const { app, ask } = await buildApp(t, { artist, dataDir, settings: { TB_DALLE_STOP_GRACE: '0s' } })
  await ask(`/dalle/simple/${ADDRESS}?generate=1`)
  await until(() => asked.length === 1)
  const { runId } = (await app.engine.runs.last('simple', ADDRESS))!
  await app.close()

  const another = { ...artist, provider: 'openai' }
  const settings = { LOG_LEVEL: 'info' }
  await buildApp(t, { artist: another, dataDir, settings, onLogLine: (line) => lines.push(line) })
  t.match(
    lines.filter((line) => line['runId'] === runId),
    [
      {
        level: 40,
        msg: 'run ended before it began',
        ...{ series: 'simple', address: ADDRESS },
        errorCode: 'SERVICE_UNAVAILABLE',
        reason: /Another artist draws now/
      }
    ]
  )
})
