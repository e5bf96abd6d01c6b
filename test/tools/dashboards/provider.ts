import {
  bars,
  dashboard,
  figure,
  inRange,
  lines,
  percentile,
  percentiles,
  rate,
  select,
  share,
  shared,
  states,
  words
} from './panels.ts'
import type { Row } from './panels.ts'

const CIRCUIT_WORDS = words({ 0: ['closed', 'green'], 1: ['half-open', 'yellow'], 2: ['open', 'red'] })
const circuitIn = (state: string) =>
  `max by (provider, operation) (${select('dalleserver_provider_circuit_breaker_state', `state="${state}"`)})`
/** 0, 1 or 2, as in CIRCUIT_WORDS. */
const CIRCUITS = `clamp_max(2 * ${circuitIn('OPEN')} + ${circuitIn('HALF_OPEN')}, 2)`
const FAILED = 'outcome!~"success|aborted"'
const THROTTLED = 'outcome="throttled"'
const ENDED = 'outcome!="aborted"'
const DURATION = 'dalleserver_provider_request_duration_seconds'
const NO_MODEL = 'no model is in use: the built-in artist draws'
const NO_CALLS = 'no requests to the provider'

const answersNow = () => [
  figure({
    title: 'Circuits',
    description: 'Open: no calls to the provider. Half-open: one call may try.',
    width: 5,
    queries: [[CIRCUITS, '{{provider}} {{operation}}']],
    mappings: CIRCUIT_WORDS
  }),
  figure({
    title: 'Money at the provider',
    description:
      'Whether the provider refused a request because the account has no money, and no request has succeeded since.',
    width: 3,
    queries: [[shared('dalleserver_provider_out_of_money'), 'money']],
    mappings: words({ 0: ['no refusal', 'green'], 1: ['none left', 'red'] })
  }),
  figure({
    title: 'Failed requests',
    description: 'Share of all requests to the provider in the time shown, with repeated requests.',
    width: 3,
    unit: 'percentunit',
    queries: [
      [
        share(
          inRange('dalleserver_provider_requests_total', FAILED),
          inRange('dalleserver_provider_requests_total', ENDED)
        ),
        'failed'
      ]
    ],
    steps: [
      [null, 'green'],
      [0.05, 'yellow'],
      [0.2, 'red']
    ],
    none: 'no requests'
  }),
  figure({
    title: 'Throttled',
    description: 'Share of requests that the provider refused with 429, in the time shown.',
    width: 3,
    unit: 'percentunit',
    queries: [
      [
        share(
          inRange('dalleserver_provider_requests_total', THROTTLED),
          inRange('dalleserver_provider_requests_total', ENDED)
        ),
        'throttled'
      ]
    ],
    steps: [
      [null, 'green'],
      [0.05, 'yellow'],
      [0.2, 'red']
    ],
    none: 'no requests'
  })
]

const purchasesNow = () => [
  figure({
    title: 'Spent',
    description: 'In the time shown.',
    width: 3,
    unit: 'currencyUSD',
    decimals: 2,
    queries: [[inRange('dalleserver_provider_cost_usd_total'), 'spent']],
    none: 'no model'
  }),
  figure({
    title: 'Images bought',
    description: 'In the time shown.',
    width: 3,
    decimals: 0,
    queries: [[inRange('dalleserver_provider_images_total'), 'images']],
    none: 'no model'
  }),
  figure({
    title: 'Models end in',
    description: 'Time until the provider shuts down the models in use, where it has announced their end.',
    width: 4,
    unit: 'dtdurations',
    queries: [
      [
        `min by (model) (${select('dalleserver_provider_model_shutdown_timestamp_seconds')}) - time()`,
        '{{model}}'
      ]
    ],
    steps: [
      [null, 'red'],
      [7 * 86_400, 'yellow'],
      [30 * 86_400, 'green']
    ],
    none: 'none announced'
  })
]

const nowRow = (): Row => ['Now', [...answersNow(), ...purchasesNow()]]

const requestsRow = (): Row => [
  'Requests',
  [
    lines({
      title: 'Requests by outcome',
      description: 'Requests a minute. Only outcomes that occur. Repeated requests count each time.',
      width: 6,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [
        [`sum by (outcome) (${rate('dalleserver_provider_requests_total')}) * 60 > 0`, '{{outcome}}']
      ],
      colors: { success: 'green', aborted: 'blue' },
      none: NO_CALLS
    }),
    lines({
      title: 'Latency of drawings',
      description: 'Duration of single requests that draw.',
      width: 6,
      unit: 's',
      queries: percentiles(DURATION, 'operation="draw"'),
      none: NO_CALLS
    }),
    lines({
      title: 'Latency of prompts and downloads',
      description:
        'Duration of single requests that enhance a prompt, or download a drawing that came as a URL.',
      width: 6,
      unit: 's',
      queries: [
        ...percentiles(DURATION, 'operation="enhance"', 'enhance, '),
        [percentile(0.95, DURATION, '', 'operation="download"'), 'download, p95']
      ],
      none: NO_CALLS
    }),
    lines({
      title: 'Retries',
      description: 'Repeated requests a minute by the reason of the repetition.',
      width: 6,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [
        [
          `sum by (operation, reason) (${rate('dalleserver_provider_retries_total')}) * 60 > 0`,
          '{{operation}}: {{reason}}'
        ]
      ],
      none: 'no retries'
    })
  ]
]

const troubleRow = (): Row => [
  'Trouble',
  [
    states({
      title: 'Circuits over time',
      description: 'One circuit breaker for prompts, one for drawings.',
      width: 8,
      queries: [[CIRCUITS, '{{provider}} {{operation}}']],
      mappings: CIRCUIT_WORDS
    }),
    lines({
      title: 'Changes of the circuits',
      description: 'State changes a minute by new state.',
      width: 8,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [[`sum by (to) (${rate('dalleserver_circuit_breaker_transitions_total')}) * 60`, '{{to}}']],
      colors: { CLOSED: 'green', HALF_OPEN: 'yellow', OPEN: 'red' }
    }),
    lines({
      title: 'Throttled and out of time',
      description: 'Share of requests that were refused with 429, and of requests that timed out.',
      width: 8,
      unit: 'percentunit',
      queries: [
        [
          share(
            `sum(${rate('dalleserver_provider_requests_total', THROTTLED)})`,
            `sum(${rate('dalleserver_provider_requests_total', ENDED)})`
          ),
          'throttled'
        ],
        [
          share(
            `sum(${rate('dalleserver_openai_timeouts_total')})`,
            `sum(${rate('dalleserver_openai_requests_total')})`
          ),
          'timed out'
        ]
      ],
      limits: [
        [null, 'transparent'],
        [0.2, 'red']
      ],
      none: NO_CALLS
    })
  ]
]

const moneyRow = (): Row => [
  'Money',
  [
    lines({
      title: 'Spend by model',
      description: 'USD an hour, by the price list in use.',
      width: 8,
      unit: 'currencyUSD',
      stacked: true,
      queries: [[`sum by (model) (${rate('dalleserver_provider_cost_usd_total')}) * 3600`, '{{model}}']],
      none: NO_MODEL
    }),
    bars({
      title: 'Budget used today',
      description:
        'Of what may be spent until midnight UTC (TB_DALLE_DAILY_BUDGET_USD, TB_DALLE_DAILY_IMAGE_LIMIT), ' +
        'what is spent or set aside; 0 % where no budget is set.',
      width: 8,
      unit: 'percentunit',
      most: 1,
      queries: [
        [`max(${select('dalleserver_budget_spent_usd')} / ${select('dalleserver_budget_limit_usd')})`, 'USD'],
        [
          `max(${select('dalleserver_budget_spent_images')} / ${select('dalleserver_budget_limit_images')})`,
          'images'
        ]
      ],
      steps: [
        [null, 'green'],
        [0.8, 'yellow'],
        // A picture that costs more than what is left is refused before all is spent.
        [0.95, 'red']
      ]
    }),
    lines({
      title: 'Images bought by model',
      description: 'A minute.',
      width: 8,
      unit: 'cpm',
      stacked: true,
      queries: [[`sum by (model) (${rate('dalleserver_provider_images_total')}) * 60`, '{{model}}']],
      none: NO_MODEL
    }),
    lines({
      title: 'Tokens',
      description: 'A minute, by model, of the prompt (input) and of the answer (output).',
      width: 12,
      unit: 'cpm',
      queries: [
        [`sum by (model, kind) (${rate('dalleserver_provider_tokens_total')}) * 60`, '{{model}}, {{kind}}']
      ],
      none: NO_MODEL
    }),
    lines({
      title: 'Requests without a price',
      description:
        'A minute: what they cost is not known and counts for nothing here. ' +
        'Name the price of the model in TB_DALLE_PRICES.',
      width: 12,
      unit: 'cpm',
      queries: [
        [`sum by (model) (${rate('dalleserver_provider_unpriced_requests_total')}) * 60`, '{{model}}']
      ],
      none: NO_MODEL
    })
  ]
]

/** The dashboard of the model provider: how it answers, how the server reacts, what it costs. */
export const provider = () =>
  dashboard({
    uid: 'dalleserver-provider',
    title: 'dalleserver: Provider',
    description: 'How the model provider answers, what is done about it, and what it costs',
    rows: [nowRow(), requestsRow(), troubleRow(), moneyRow()]
  })
