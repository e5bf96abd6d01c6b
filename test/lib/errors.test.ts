import t from 'tap'
import { ERROR_CODES, ERROR_STATUS, asServiceError, errors, isServiceError, quote } from '../../lib/errors.ts'

t.test('every error has the status of its code', async (t) => {
  const made = [
    errors.invalidRequest('x'),
    errors.invalidInput('x'),
    errors.invalidSeries('x'),
    errors.invalidAddress('x'),
    errors.missingParameter('x'),
    errors.unauthorized('x'),
    errors.forbidden('x'),
    errors.notFound('x'),
    errors.methodNotAllowed('PUT', 'GET'),
    errors.payloadTooLarge(1),
    errors.unsupportedMediaType('x'),
    errors.budgetExhausted('x', 60),
    errors.internal('x'),
    errors.fileSystem('x'),
    errors.template('x'),
    errors.image('x'),
    errors.generationTimeout(1),
    errors.cancelled(),
    errors.unavailable('x'),
    errors.queueFull(1, 10),
    errors.answerLost(1),
    errors.tooManyRestarts(3)
  ]
  for (const error of made) {
    t.ok(ERROR_CODES.includes(error.code))
    t.equal(error.statusCode, ERROR_STATUS[error.code], error.code)
    t.ok(isServiceError(error))
    t.equal(asServiceError(error), error)
  }
})

t.test('an unknown error becomes an internal one, which keeps it as its cause', async (t) => {
  const cause = new Error('password hunter2')
  const error = asServiceError(cause)
  t.match(error, { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error', details: undefined })
  t.equal(error.cause, cause)
})

t.test('a quoted value has at most 100 characters', async (t) => {
  t.equal(quote('x'.repeat(100)), `"${'x'.repeat(100)}"`)
  t.equal(quote('x'.repeat(101)), `"${'x'.repeat(100)}…"`)
})
