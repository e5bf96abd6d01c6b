import {
  dashboard,
  figure,
  inRange,
  lines,
  percentile,
  rate,
  select,
  share,
  shared,
  words
} from './panels.ts'
import type { Row } from './panels.ts'

const OUTCOME_COLORS = { completed: 'green', degraded: 'yellow', failed: 'red', cancelled: 'blue' }

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
          inRange('dalleserver_generations_total', 'outcome=~"completed|degraded"'),
          inRange('dalleserver_generations_total', 'outcome!="cancelled"')
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
    title: 'Waiting',
    description: 'Runs that wait in the queue.',
    width: 3,
    queries: [[shared('dalleserver_generation_queue_depth'), 'waiting']],
    spark: true,
    steps: [
      [null, 'text'],
      [100, 'yellow'],
      [800, 'red']
    ]
  }),
  figure({
    title: 'Errors',
    description: 'Error responses and failed runs in the time shown.',
    width: 3,
    decimals: 0,
    queries: [[inRange('dalleserver_errors_total'), 'errors']],
    steps: [
      [null, 'green'],
      [1, 'yellow']
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
      width: 8,
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
      width: 8,
      unit: 's',
      queries: [
        [
          percentile(0.5, 'dalleserver_generation_duration_seconds', '', 'outcome=~"completed|degraded"'),
          'half within'
        ],
        [
          percentile(0.95, 'dalleserver_generation_duration_seconds', '', 'outcome=~"completed|degraded"'),
          '95 % within'
        ]
      ]
    }),
    lines({
      title: 'Where the time goes',
      description: 'Mean time in each phase of completed runs.',
      width: 8,
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
      ]
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
      queries: [
        [shared('dalleserver_generations_in_progress'), 'at work'],
        [shared('dalleserver_generation_queue_depth'), 'waiting'],
        [shared('dalleserver_batch_pictures_waiting'), 'waiting in batches'],
        [`sum(${select('dalleserver_generation_concurrency_limit')})`, 'may work at once']
      ],
      colors: { 'may work at once': 'text' }
    }),
    lines({
      title: 'Waiting time',
      description: 'Time that runs waited in the queue.',
      width: 6,
      unit: 's',
      queries: [
        [percentile(0.5, 'dalleserver_generation_queue_wait_seconds'), 'half within'],
        [percentile(0.95, 'dalleserver_generation_queue_wait_seconds'), '95 % within']
      ]
    }),
    lines({
      title: 'Age of the oldest run',
      description: 'A run that is older than the lock TTL is ended. A run that stays above the line hangs.',
      width: 6,
      unit: 's',
      queries: [
        [shared('dalleserver_generation_oldest_seconds'), 'oldest run'],
        [shared('dalleserver_generation_time_limit_seconds'), 'lock TTL']
      ],
      colors: { 'lock TTL': 'red' }
    }),
    lines({
      title: 'Joined and turned away',
      description:
        'Requests a minute that joined a running run, and requests that could have started a run and did not.',
      width: 6,
      unit: 'cpm',
      queries: [
        [`sum(${rate('dalleserver_generation_coalesced_total')}) * 60`, 'joined'],
        [`sum by (reason) (${rate('dalleserver_generation_rejected_total')}) * 60`, '{{reason}}']
      ]
    })
  ]
]

const requestsRow = (): Row => [
  'Requests',
  [
    lines({
      title: 'Requests by route',
      description: 'Requests a second by route pattern.',
      width: 6,
      unit: 'reqps',
      stacked: true,
      queries: [[`sum by (route) (${rate('dalleserver_http_request_duration_seconds_count')})`, '{{route}}']]
    }),
    lines({
      title: 'Latency by route',
      description:
        '95 % of the responses took at most this long. ' +
        'Requests that ask to wait for a run (Prefer: wait) count as long as they wait.',
      width: 6,
      unit: 's',
      queries: [[percentile(0.95, 'dalleserver_http_request_duration_seconds', 'route'), '{{route}}']]
    }),
    lines({
      title: 'Pictures from the disk',
      description: 'Response time of existing pictures.',
      width: 6,
      unit: 's',
      queries: [
        [percentile(0.5, 'dalleserver_image_response_duration_seconds'), 'half within'],
        [percentile(0.9, 'dalleserver_image_response_duration_seconds'), '90 % within']
      ],
      limits: [
        [null, 'transparent'],
        [0.5, 'red']
      ]
    }),
    lines({
      title: 'Event streams',
      description: 'Open event streams of pages and clients, by process.',
      width: 6,
      unit: 'short',
      decimals: 0,
      stacked: true,
      queries: [[`sum by (instance) (${select('dalleserver_sse_clients')})`, '{{instance}}']]
    })
  ]
]

const clientsRow = (): Row => [
  'Clients',
  [
    lines({
      title: 'Connections',
      description: 'Open connections of clients, by process.',
      width: 8,
      unit: 'short',
      decimals: 0,
      stacked: true,
      queries: [[`sum by (instance) (${select('dalleserver_connections')})`, '{{instance}}']]
    }),
    lines({
      title: 'Closed by the server',
      description: 'Connections a minute that were too slow, idle, or too many.',
      width: 8,
      unit: 'cpm',
      queries: [[`sum by (reason) (${rate('dalleserver_connections_closed_total')}) * 60`, '{{reason}}']]
    }),
    lines({
      title: 'Over a limit',
      description: 'Requests a minute that were refused because their client had reached a limit.',
      width: 8,
      unit: 'cpm',
      queries: [[`sum by (limit) (${rate('dalleserver_client_limited_total')}) * 60`, '{{limit}}']]
    })
  ]
]

const errorsRow = (): Row => [
  'Errors',
  [
    lines({
      title: 'Errors by code',
      description: 'Error responses and failed runs a minute. Only codes that occur.',
      width: 8,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [[`sum by (code) (${rate('dalleserver_error_code_total')}) * 60 > 0`, '{{code}}']]
    }),
    lines({
      title: 'Errors by route',
      description:
        'Error responses and failed runs a minute. Failed runs count for the route of the picture.',
      width: 8,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [[`sum by (endpoint) (${rate('dalleserver_error_endpoint_total')}) * 60 > 0`, '{{endpoint}}']]
    }),
    lines({
      title: 'Answers by status',
      description: 'A second.',
      width: 8,
      unit: 'reqps',
      stacked: true,
      queries: [[`sum by (code) (${rate('dalleserver_http_request_duration_seconds_count')})`, '{{code}}']]
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
