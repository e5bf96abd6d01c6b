import {
  dashboard,
  figure,
  inRange,
  lines,
  percentiles,
  rate,
  select,
  share,
  shared,
  words
} from './panels.ts'
import type { Row } from './panels.ts'
import { SERVER_ERRORS, clientsRow, errorsRow, requestsRow } from './requests.ts'

const OUTCOME_COLORS = { completed: 'green', degraded: 'yellow', failed: 'red', cancelled: 'blue' }
const WITH_PICTURE = 'outcome=~"completed|degraded"'
const NO_RUNS = 'no runs in the time shown'

const servedNow = () => [
  figure({
    title: 'Server',
    description: 'Whether Prometheus gets a response from each server and each worker.',
    width: 3,
    queries: [[`min(${select('up')})`, 'up']],
    mappings: words({ 0: ['down', 'red'], 1: ['up', 'green'] }),
    none: 'unknown'
  }),
  figure({
    title: 'Pictures',
    description: 'Pictures that exist.',
    width: 3,
    decimals: 0,
    queries: [[shared('dalleserver_images'), 'pictures']],
    spark: true
  }),
  figure({
    title: 'Success of runs',
    description: 'Share of runs that ended with a picture in the time shown, without cancelled runs.',
    width: 3,
    unit: 'percentunit',
    queries: [
      [
        share(
          inRange('dalleserver_generations_total', WITH_PICTURE),
          inRange('dalleserver_generations_total', 'outcome!~"cancelled|over_budget|refused"')
        ),
        'success'
      ]
    ],
    steps: [
      [null, 'red'],
      [0.8, 'yellow'],
      [0.95, 'green']
    ],
    none: 'no runs'
  }),
  figure({
    title: 'Cache hits',
    description:
      'Share of requests for a picture that existed, in the time shown. Polls of a run do not count.',
    width: 3,
    unit: 'percentunit',
    queries: [
      [
        share(
          inRange('dalleserver_image_cache_requests_total', 'result="hit"'),
          inRange('dalleserver_image_cache_requests_total')
        ),
        'hits'
      ]
    ],
    none: 'no requests'
  })
]

const workNow = () => [
  figure({
    title: 'At work',
    description: 'Runs that work.',
    width: 3,
    queries: [[shared('dalleserver_generations_in_progress'), 'at work']],
    spark: true
  }),
  figure({
    title: 'Queue in use',
    description: 'Share of the runs that may wait (TB_DALLE_QUEUE_LIMIT). When all wait, others are refused.',
    width: 3,
    unit: 'percentunit',
    queries: [
      [
        share(shared('dalleserver_generation_queue_depth'), shared('dalleserver_generation_queue_limit')),
        'waiting'
      ]
    ],
    spark: true,
    steps: [
      [null, 'text'],
      [0.5, 'yellow'],
      [0.8, 'red']
    ]
  }),
  figure({
    title: 'Errors',
    description:
      'Answers with a status of 500 or above and failed runs, in the time shown. ' +
      'What clients did wrong and what they cancelled is no error.',
    width: 3,
    decimals: 0,
    queries: [[inRange('dalleserver_error_code_total', SERVER_ERRORS), 'errors']],
    steps: [
      [null, 'green'],
      [1, 'yellow'],
      [20, 'red']
    ]
  }),
  figure({
    title: 'Spent today',
    description:
      'What the model provider has charged since midnight UTC, and what is reserved for working runs.',
    width: 3,
    unit: 'currencyUSD',
    decimals: 2,
    queries: [[shared('dalleserver_budget_spent_usd'), 'spent']],
    spark: true
  })
]

const nowRow = (): Row => ['Now', [...servedNow(), ...workNow()]]

const runsRow = (): Row => [
  'Runs',
  [
    lines({
      title: 'Runs that ended',
      description:
        'Runs a minute by outcome. A degraded run has a picture: from the plain prompt, or a stand-in.',
      width: 6,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [[`sum by (outcome) (${rate('dalleserver_generations_total')}) * 60`, '{{outcome}}']],
      colors: OUTCOME_COLORS
    }),
    lines({
      title: 'Duration of runs',
      description:
        'Time from the request to the picture, with the time in the queue. Only runs that ended with a picture.',
      width: 6,
      unit: 's',
      queries: percentiles('dalleserver_generation_duration_seconds', WITH_PICTURE),
      none: NO_RUNS
    }),
    lines({
      title: 'Where the time goes',
      description: 'Mean time in each phase of completed runs.',
      width: 6,
      unit: 's',
      stacked: true,
      queries: [
        [
          share(
            `sum by (phase) (${rate('dalleserver_generation_phase_duration_seconds_sum')})`,
            `sum by (phase) (${rate('dalleserver_generation_phase_duration_seconds_count')})`
          ),
          '{{phase}}'
        ]
      ],
      none: NO_RUNS
    }),
    lines({
      title: 'Recovered runs',
      description:
        'Runs that were unfinished when their process ended, since the start of the processes: ' +
        'resumed, failed, or set aside because their record cannot be read.',
      width: 6,
      decimals: 0,
      queries: [[`sum by (action) (${select('dalleserver_recovered_runs_total')})`, '{{action}}']],
      colors: { resumed: 'green', failed: 'red', set_aside: 'orange' }
    })
  ]
]

const queueRow = (): Row => [
  'Queue',
  [
    lines({
      title: 'At work and waiting',
      description: 'Each worker draws TB_DALLE_CONCURRENCY pictures at the same time.',
      width: 6,
      decimals: 0,
      queries: [
        [shared('dalleserver_generations_in_progress'), 'at work'],
        [shared('dalleserver_generation_queue_depth'), 'waiting'],
        [`sum(${select('dalleserver_batch_pictures_waiting')})`, 'waiting in batches'],
        [`sum(${select('dalleserver_generation_concurrency_limit')})`, 'may work at once']
      ],
      colors: { 'may work at once': 'text' }
    }),
    lines({
      title: 'Waiting time',
      description: 'Time that runs waited in the queue.',
      width: 6,
      unit: 's',
      queries: percentiles('dalleserver_generation_queue_wait_seconds'),
      none: NO_RUNS
    }),
    lines({
      title: 'Age of the oldest run',
      description:
        'As a share of the lock TTL (TB_DALLE_LOCK_TTL), at which a run is ended. One that stays above 100 % hangs.',
      width: 6,
      unit: 'percentunit',
      queries: [
        [
          share(
            shared('dalleserver_generation_oldest_seconds'),
            shared('dalleserver_generation_time_limit_seconds')
          ),
          'oldest run'
        ]
      ],
      limits: [
        [null, 'transparent'],
        [1, 'red']
      ]
    }),
    lines({
      title: 'Joined and turned away',
      description:
        'Requests a minute that joined a running run, and requests that could have started a run and did not.',
      width: 6,
      unit: 'cpm',
      queries: [
        [`sum(${rate('dalleserver_generation_coalesced_total')}) * 60`, 'joined'],
        [`sum by (reason) (${rate('dalleserver_generation_rejected_total')}) * 60 > 0`, '{{reason}}']
      ]
    })
  ]
]

/** The dashboard of what users get: pictures, how fast, and which errors. */
export const overview = () =>
  dashboard({
    uid: 'dalleserver-overview',
    title: 'dalleserver: Overview',
    description: 'Whether pictures are made and served, how fast, and which errors occur',
    rows: [nowRow(), runsRow(), queueRow(), requestsRow(), clientsRow(), errorsRow()]
  })
