import { apiError } from './errors.ts'
import type { Refusal } from './errors.ts'
import type { ParameterForm } from './faults.ts'

const json = (status: number, body: unknown, outcome = 'refused_parameter'): Refusal => ({
  status,
  type: 'application/json',
  headers: {},
  body: JSON.stringify(body),
  outcome
})

const extra = (name: string) => ({
  type: 'extra_forbidden',
  loc: ['body', name],
  msg: 'Extra inputs are not permitted',
  input: 1337
})

/** The refusal of a parameter, as these providers and gateways have been seen to send it. */
export function parameterRefusal(form: ParameterForm, name: string): Refusal {
  const forms: Record<ParameterForm, () => Refusal> = {
    openai_unknown: () =>
      apiError(400, { message: `Unknown parameter: '${name}'.`, param: name, code: 'unknown_parameter' }),
    openai_value: () =>
      apiError(400, {
        message:
          `Unsupported value: '${name}' does not support 0.2 with this model. ` +
          'Only the default (1) value is supported.',
        param: name,
        code: 'unsupported_value'
      }),
    openai_old: () => apiError(400, { message: `Unrecognized request argument supplied: ${name}` }),
    azure: () =>
      json(400, {
        error: {
          code: 'BadRequest',
          message: `Unsupported parameter: '${name}' is not supported with this model.`
        }
      }),
    azure_details: () =>
      json(422, {
        error: {
          code: 'Invalid input',
          status: 422,
          message: 'invalid input error',
          details: { loc: ['body', name], input: 'x' }
        }
      }),
    vllm: () =>
      json(400, {
        object: 'error',
        message:
          `[{'type': 'extra_forbidden', 'loc': ('body', '${name}'), ` +
          "'msg': 'Extra inputs are not permitted', 'input': 1337}]",
        type: 'BadRequestError',
        param: null,
        code: 400
      }),
    vllm_detail: () => json(422, { detail: [extra(name)] }),
    litellm: () =>
      json(400, {
        error: {
          message:
            `litellm.UnsupportedParamsError: openai does not support parameters: ['${name}'], for model=a-model. ` +
            'To drop these, set `litellm.drop_params=True` or for proxy: `litellm_settings: drop_params: true`',
          type: 'None',
          param: null,
          code: '400'
        }
      }),
    openrouter: () =>
      json(400, {
        error: {
          message: 'Provider returned error',
          code: 400,
          metadata: {
            raw: JSON.stringify({
              error: {
                message: `Unsupported parameter: '${name}' is not supported with this model.`,
                type: 'invalid_request_error',
                param: name,
                code: 'unsupported_parameter'
              }
            }),
            provider_name: 'Azure'
          }
        },
        user_id: 'user_1'
      }),
    mistral: () =>
      json(422, {
        object: 'error',
        message: { detail: [extra(name)] },
        type: 'invalid_request_error',
        param: null,
        code: null
      }),
    mistral_detail: () =>
      json(400, {
        object: 'error',
        message: `${name} must be one of the supported ones`,
        type: 'invalid_request_error'
      }),
    xai: () =>
      json(400, {
        code: 'Client specified an invalid argument',
        error: `Argument not supported on this model: ${name}`
      }),
    gemini: () =>
      json(400, [
        {
          error: {
            code: 400,
            message: `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`,
            status: 'INVALID_ARGUMENT',
            details: [
              {
                '@type': 'type.googleapis.com/google.rpc.BadRequest',
                fieldViolations: [{ description: `Unknown name "${name}": Cannot find field.` }]
              }
            ]
          }
        }
      ]),
    groq: () =>
      json(400, { error: { message: `property '${name}' is unsupported`, type: 'invalid_request_error' } }),
    plain_text: () => ({
      ...json(400, null),
      type: 'text/html',
      body: `<p>Bad request: the parameter ${name} is not supported.</p>`
    })
  }
  return { ...forms[form](), outcome: 'refused_parameter' }
}
