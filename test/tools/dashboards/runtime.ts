import { dashboard, figure, lines, rate, select, shared, states, words } from './panels.ts'
import type { Row } from './panels.ts'

const GIB = 2 ** 30
const UP = words({ 0: ['down', 'red'], 1: ['up', 'green'] })
/** Whether the database answers, and whether runs are accepted. */
const ENGINE = words({ 0: ['away', 'red'], 1: ['waits', 'yellow'], 2: ['open', 'green'] })
const LIMIT = 'dalleserver_memory_limit_bytes'
const by = (expr: string, aggregate = 'sum') => `${aggregate} by (instance) (${expr})`

const versionsNow = () => [
  figure({
    title: 'Build',
    description: 'Version of the server, and the revision of its source.',
    width: 5,
    queries: [[select('dalleserver_build_info'), '{{version}} ({{revision}})']],
    name: true
  }),
  figure({
    title: 'Node',
    description: 'Version of Node.js.',
    width: 3,
    queries: [[select('dalleserver_build_info'), '{{node}}']],
    name: true
  }),
  figure({
    title: 'Databases',
    description: 'Version of the attribute databases that pictures are made from.',
    width: 3,
    queries: [[select('dalleserver_build_info'), '{{databases}}']],
    name: true
  })
]

const resourcesNow = () => [
  figure({
    title: 'Running for',
    description: 'Since the last start of any process.',
    width: 3,
    unit: 'dtdurations',
    queries: [[`time() - max(${select('process_start_time_seconds')})`, 'newest']]
  }),
  figure({
    title: 'Memory in use',
    description:
      'What is in RAM, of as much as /health takes for healthy: 1 GiB, or 80 % of the container where that is less.',
    width: 3,
    unit: 'percentunit',
    queries: [
      [
        `max(${select('process_resident_memory_bytes')} / on (job, instance) ${select(LIMIT, 'status="degraded"')})`,
        'resident'
      ]
    ],
    spark: true,
    steps: [
      [null, 'green'],
      [0.7, 'yellow'],
      [1, 'red']
    ]
  }),
  figure({
    title: 'Free disk',
    description: 'What may still be written to the data folder.',
    width: 4,
    unit: 'bytes',
    queries: [[`min(${select('dalleserver_storage_free_bytes')})`, 'free']],
    steps: [
      [null, 'red'],
      [2 * GIB, 'yellow'],
      [10 * GIB, 'green']
    ]
  }),
  figure({
    title: 'Open files',
    description: 'Of as many as the process may have open. Connections take half of them at most.',
    width: 3,
    unit: 'percentunit',
    queries: [[`max(${select('process_open_fds')} / ${select('process_max_fds')})`, 'used']],
    steps: [
      [null, 'green'],
      [0.4, 'yellow'],
      [0.7, 'red']
    ]
  })
]

const nowRow = (): Row => ['Now', [...versionsNow(), ...resourcesNow()]]

const processorRow = (): Row => [
  'Processor',
  [
    lines({
      title: 'Event loop',
      description:
        'How late the one thread that answers requests comes to what is due; ' +
        'a few hundredths of a second are usual while pictures are drawn.',
      width: 8,
      unit: 's',
      queries: [
        [`max(${select('nodejs_eventloop_lag_p50_seconds')})`, 'p50'],
        [`max(${select('nodejs_eventloop_lag_p90_seconds')})`, 'p90'],
        [by(select('nodejs_eventloop_lag_p99_seconds')), '{{instance}}, p99']
      ],
      limits: [
        [null, 'transparent'],
        [0.5, 'red']
      ]
    }),
    lines({
      title: 'CPU',
      description:
        'Processors kept busy, by process; 1 is one whole processor. Pictures are encoded in threads beside the ' +
        'event loop.',
      width: 8,
      decimals: 2,
      stacked: true,
      queries: [[by(rate('process_cpu_seconds_total')), '{{instance}}']]
    }),
    lines({
      title: 'Garbage collection',
      description: 'Share of the time that is spent on it, by kind.',
      width: 8,
      unit: 'percentunit',
      stacked: true,
      queries: [[`sum by (kind) (${rate('nodejs_gc_duration_seconds_sum')})`, '{{kind}}']],
      limits: [
        [null, 'transparent'],
        [0.1, 'red']
      ]
    })
  ]
]

const memoryAndHandlesRow = (): Row => [
  'Memory and handles',
  [
    lines({
      title: 'Memory',
      description:
        'Resident is all that is in RAM, pictures at work included; the heap holds objects, external memory buffers.',
      width: 8,
      unit: 'bytes',
      queries: [
        [by(select('process_resident_memory_bytes')), '{{instance}}, resident'],
        [`min(${select(LIMIT, 'status="degraded"')})`, 'degraded above'],
        [`sum(${select('nodejs_heap_size_total_bytes')})`, 'heap'],
        [`sum(${select('nodejs_heap_size_used_bytes')})`, 'heap in use'],
        [`sum(${select('nodejs_external_memory_bytes')})`, 'external']
      ],
      colors: { 'degraded above': 'red' }
    }),
    lines({
      title: 'Heap in use',
      description: 'By space. An old space that only grows is a leak.',
      width: 8,
      unit: 'bytes',
      stacked: true,
      queries: [[`sum by (space) (${select('nodejs_heap_space_size_used_bytes')}) > 0`, '{{space}}']]
    }),
    lines({
      title: 'Open handles',
      description:
        'Sockets, servers, timers and other resources that keep the process alive, and its open files.',
      width: 8,
      queries: [
        [`sum by (type) (${select('nodejs_active_resources')})`, '{{type}}'],
        [`sum(${select('process_open_fds')})`, 'open files']
      ]
    })
  ]
]

const filesRow = (): Row => [
  'Files',
  [
    lines({
      title: 'File operations',
      description: 'A second, in the data folder.',
      width: 8,
      unit: 'ops',
      stacked: true,
      queries: [
        [`sum by (operation) (${rate('dalleserver_storage_operations_total')}) > 0`, '{{operation}}']
      ],
      none: 'no file operations'
    }),
    lines({
      title: 'Failed file operations',
      description: 'A minute. Each that fails for a passing reason is tried again first.',
      width: 8,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [
        [
          `sum by (operation) (${rate('dalleserver_storage_operations_total', 'outcome="failure"')}) * 60 > 0`,
          '{{operation}}'
        ]
      ],
      none: 'no failed file operations'
    }),
    lines({
      title: 'Free disk over time',
      description: 'What may still be written to the data folder.',
      width: 8,
      unit: 'bytes',
      queries: [[by(select('dalleserver_storage_free_bytes')), '{{instance}}']],
      limits: [
        [null, 'transparent'],
        [2 * GIB, 'red']
      ]
    })
  ]
]

const engineRow = (): Row => [
  'Engine',
  [
    states({
      title: 'Processes',
      description: 'Whether Prometheus gets a response from each server and each worker.',
      width: 5,
      queries: [[by(select('up'), 'max'), '{{instance}}']],
      mappings: UP
    }),
    states({
      title: 'Engine over time',
      description:
        'Open: the process accepts runs. It waits while another process has the data folder, and while it starts or ' +
        'stops. Away: the database does not answer.',
      width: 5,
      queries: [
        [
          by(`(1 + ${select('dalleserver_engine_open')}) * ${select('dalleserver_engine_up')}`, 'max'),
          '{{instance}}'
        ]
      ],
      mappings: ENGINE
    }),
    lines({
      title: 'Connections to the database',
      description:
        'Of all processes; 0 without a database. Statements wait when all connections of their process are in use.',
      width: 5,
      decimals: 0,
      queries: [[`sum by (state) (${select('dalleserver_engine_connections')})`, '{{state}}']],
      colors: { waiting: 'red' }
    }),
    lines({
      title: 'Workers and stalled runs',
      description:
        'Workers that live, and runs whose worker shows no more sign of life, which another takes up within half a ' +
        'minute.',
      width: 5,
      decimals: 0,
      queries: [
        [shared('dalleserver_engine_workers'), 'workers'],
        [shared('dalleserver_engine_stalled_runs'), 'stalled runs']
      ],
      colors: { 'stalled runs': 'red' }
    }),
    lines({
      title: 'Clocks',
      description:
        'By how much the clock of a machine differs from the one of the database; 0 without a database.',
      width: 4,
      unit: 's',
      queries: [[by(`abs(${select('dalleserver_engine_clock_difference_seconds')})`, 'max'), '{{instance}}']],
      limits: [
        [null, 'transparent'],
        [2, 'red']
      ]
    })
  ]
]

/** The dashboard of the process and of its machine. */
export const runtime = () =>
  dashboard({
    uid: 'dalleserver-runtime',
    title: 'dalleserver: Runtime',
    description: 'The processes and what they stand on: engine, event loop, memory, files and disk',
    rows: [nowRow(), engineRow(), processorRow(), memoryAndHandlesRow(), filesRow()]
  })
