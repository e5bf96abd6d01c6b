import { AWAY, BLOCKED, NO_KEY, NO_MONEY, REJECTED, THROTTLED, WRONG, json, refused } from './shape.ts'
import type { Shape } from './shape.ts'

type Row = [name: string, answer: Shape['answer'], outcome?: Partial<Shape>]

/** An error in OpenAI's envelope. */
const error = (status: number, fields: object, headers?: Record<string, string>) =>
  refused(status, { error: fields }, headers)

const POLICY_WORDS =
  'Your request was rejected as a result of our safety system. ' +
  'Your prompt may contain text that is not allowed by our safety system.'

/** One prompt was refused: each provider has its spelling. */
const CONTENT: Row[] = [
  [
    'azure_filter',
    error(400, { code: 'contentFilter', message: 'Your task failed as a result of our filters.' })
  ],
  [
    'azure_inner_error',
    error(400, {
      code: null,
      message: 'The request could not be completed.',
      inner_error: {
        code: 'ResponsibleAIPolicyViolation',
        content_filter_results: { jailbreak: { detected: false, filtered: false } }
      }
    })
  ],
  [
    'azure_results_alone',
    error(400, {
      message: 'Bad request',
      innererror: { content_filter_results: { sexual: { filtered: true, severity: 'high' } } }
    })
  ],
  ['words_alone', error(400, { message: POLICY_WORDS, type: null, param: null, code: null })],
  ['policy_violation_422', error(422, { code: 'content_policy_violation', message: 'no' })],
  [
    'openrouter_moderation',
    error(403, {
      code: 403,
      message: 'openai/gpt-image-1 requires moderation on OpenAI. Your input was flagged for "violence".',
      metadata: {
        reasons: ['violence'],
        flagged_input: 'An otter',
        provider_name: 'OpenAI',
        model_slug: 'openai/gpt-image-1'
      }
    })
  ],
  [
    'reasons_in_metadata',
    error(403, { code: 403, message: 'Forbidden', metadata: { reasons: ['violence'], provider_name: 'X' } })
  ],
  [
    'openrouter_moderation_200',
    () => json({ error: { code: 403, message: 'Forbidden', metadata: { reasons: ['violence'] } } })
  ],
  [
    'openrouter_raw',
    error(400, {
      code: 400,
      message: 'Provider returned error',
      metadata: {
        raw: JSON.stringify({ error: { code: 'moderation_blocked', message: 'no' } }),
        provider_name: 'X'
      }
    })
  ],
  [
    'gemini_list',
    refused(400, [
      {
        error: {
          code: 400,
          message:
            'Image generation failed with the following error: The response is blocked, as it may violate our ' +
            'policies. If you believe this is an error, please send feedback. Error Code: 58061214',
          status: 'INVALID_ARGUMENT'
        }
      }
    ])
  ],
  [
    'gemini_finish_reason',
    () => json({ data: [], choices: [{ finish_reason: 'content_filter: IMAGE_PROHIBITED_CONTENT' }] })
  ],
  [
    'mistral_moderation',
    refused(400, {
      object: 'error',
      message: 'The request was blocked by the moderation guardrails.',
      type: 'guardrail_violation',
      param: null,
      code: '1800'
    })
  ],
  [
    'xai_words',
    refused(400, {
      code: 'Client specified an invalid argument',
      error: 'Generated image rejected by content moderation.'
    })
  ],
  [
    'free_of_credits',
    error(400, { message: 'The prompt violates our content policy. No credits were charged.', code: null })
  ],
  [
    'linked_refusal_200',
    () => json({ error: { code: 'moderation_blocked', url: 'https://docs.example/moderation' } })
  ],
  ['xai_mark', () => json({ data: [{ b64_json: '', respect_moderation: false }] })],
  [
    'vllm_guardrail',
    refused(400, {
      object: 'error',
      message: 'The prompt was flagged as unsafe content.',
      type: 'BadRequestError',
      param: null,
      code: 400
    })
  ],
  ['localai_nsfw', error(500, { code: 500, message: 'NSFW content detected in the image', type: '' })],
  [
    'portkey_guardrail',
    refused(446, {
      error: {
        message: 'The guardrail checks defined in the config failed.',
        type: 'hooks_failed',
        param: null,
        code: null
      },
      hook_results: { before_request_hooks: [{ verdict: false }], after_request_hooks: [] }
    })
  ],
  [
    'litellm_policy',
    error(400, {
      message:
        'litellm.BadRequestError: litellm.ContentPolicyViolationError: AzureException - ' +
        'The response was filtered due to the prompt triggering the content management policy.',
      type: null,
      param: null,
      code: '400'
    })
  ],
  [
    'own_code_in_400',
    error(400, {
      code: '421',
      message: 'Moderation Block',
      param: 'The request was rejected because it was considered high risk',
      type: 'content_filter'
    })
  ],
  [
    'alibaba_inspection',
    error(400, { code: 'data_inspection_failed', message: 'Output data may contain inappropriate content.' })
  ],
  [
    'plain_text',
    () => ({ status: 400, type: 'text/plain', body: 'This request has been blocked by our content filters.' })
  ],
  ['fastapi_detail', refused(422, { detail: 'The prompt violates the content policy.' })],
  ['openai_invalid_prompt', error(400, { code: 'invalid_prompt', message: 'Invalid prompt.' })],
  [
    'charged_refusal',
    () =>
      json({
        data: [{ b64_json: null, respect_moderation: false }],
        usage: { input_tokens: 10, output_tokens: 20, total_tokens: 30 }
      }),
    { charges: { input: 10, output: 20 } }
  ]
]

/** The account, the key, the limits, the trouble of a provider. */
const OTHERS: Row[] = [
  ['no_credits_200', () => json({ error: { code: 402, message: 'Insufficient credits' } }), NO_MONEY],
  [
    'no_credits_403',
    refused(403, { code: 'x', error: 'Your team has used all available credits.' }),
    NO_MONEY
  ],
  ['litellm_budget', error(400, { message: 'Budget', type: 'budget_exceeded', code: '400' }), NO_MONEY],
  [
    'deepseek_balance',
    error(402, { message: 'Insufficient Balance', code: 'invalid_request_error' }),
    NO_MONEY
  ],
  // RFC 9457: the type of a problem is a URL.
  [
    'problem_type',
    refused(429, {
      type: 'https://docs.example/problems/throttled',
      title: 'Too Many Requests',
      status: 429
    }),
    THROTTLED
  ],
  [
    'linked_error',
    error(503, { message: 'Overloaded', url: 'https://docs.example/status', image: '/status.png' }),
    AWAY
  ],
  ['throttled_200', () => json({ error: { code: 429, message: 'Rate limited upstream' } }), THROTTLED],
  ['throttled_text_code', () => json({ error: { code: '429', message: 'slow down' } }), THROTTLED],
  [
    'gemini_quota',
    // The words are those of an empty account, the code and the delay are those of a limit by the minute.
    refused(429, [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota, please check your plan and billing details.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }]
        }
      }
    ]),
    THROTTLED
  ],
  [
    'gemini_key',
    refused(400, [
      {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
          details: [{ reason: 'API_KEY_INVALID', domain: 'googleapis.com' }]
        }
      }
    ]),
    NO_KEY
  ],
  ['xai_key', refused(400, { code: 'x', error: 'Incorrect API key provided: xai-***.' }), NO_KEY],
  [
    'azure_blocked_account',
    error(403, {
      code: 'Forbidden',
      message:
        'Your resource has been temporarily blocked because we detected behavior that may violate our content policy.'
    }),
    NO_KEY
  ],
  ['forbidden_json', error(403, { message: 'You are not allowed to use this model.' }), NO_KEY],
  [
    'firewall_page',
    () => ({
      status: 403,
      type: 'text/html',
      body: '<html><title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1></html>'
    }),
    BLOCKED
  ],
  ['firewall_text', () => ({ status: 403, type: 'text/plain', body: 'error code: 1010' }), BLOCKED],
  ['firewall_nothing', () => ({ status: 403, body: '' }), BLOCKED],
  [
    'portkey_header',
    refused(400, {
      status: 'failure',
      message: 'Either x-portkey-config or x-portkey-provider header is required'
    }),
    WRONG
  ],
  [
    'unknown_model_flat',
    refused(404, {
      object: 'error',
      message: 'The model `x` does not exist.',
      type: 'NotFoundError',
      param: null,
      code: 404
    }),
    WRONG
  ],
  ['unknown_model_200', () => json({ error: { code: 'model_not_found', message: 'no such model' } }), WRONG],
  ['lm_studio_200', () => json({ error: { message: 'Error in iterating prediction stream' } }), AWAY],
  ['error_text_200', () => json({ error: 'Model is loading' }), AWAY],
  ['bad_gateway_200', () => json({ error: { code: 502, message: 'Provider returned error' } }), AWAY],
  [
    'never_again',
    error(500, { message: 'It will not get better.', type: 'server_error' }, { 'x-should-retry': 'false' }),
    { ...AWAY, calls: 1 }
  ],
  [
    'throttled_for_good',
    error(429, { message: 'Too many', code: 'rate_limit_exceeded' }, { 'x-should-retry': 'false' }),
    { ...THROTTLED, calls: 1 }
  ],
  [
    'ask_again',
    error(400, { message: 'The model is being loaded.' }, { 'x-should-retry': 'true' }),
    { ...WRONG, calls: 4 }
  ]
]

/** Answers that refuse a drawing. */
export const REFUSAL_SHAPES: Shape[] = [
  ...CONTENT.map(([name, answer, outcome]) => ({ ...REJECTED, name, answer, ...outcome })),
  ...OTHERS.map(([name, answer, outcome]) => ({ ...WRONG, name, answer, ...outcome }))
].map((row) => ({ ...row, operation: 'image' as const }))
