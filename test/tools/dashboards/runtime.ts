import { dashboard, figure, lines, rate, select, shared, states, words } from './panels.ts'
import type { Row } from './panels.ts'

const GIB = 2 ** 30
const UP = words({ 0: ['down', 'red'], 1: ['up', 'green'] })
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
    title: 'Resident memory',
    description:
      'Of all the server has, what is in RAM. From 1 GiB on /health calls it degraded, from 2 GiB on unhealthy.',
    width: 3,
    unit: 'bytes',
    queries: [[`max(${select('process_resident_memory_bytes')})`, 'resident']],
    spark: true,
    steps: [
      [null, 'green'],
      [GIB, 'yellow'],
      [2 * GIB, 'red']
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
    description: 'Of as many as the process may have open.',
    width: 3,
    unit: 'percentunit',
    queries: [[`max(${select('process_open_fds')} / ${select('process_max_fds')})`, 'used']],
    steps: [
      [null, 'green'],
      [0.7, 'yellow'],
      [0.9, 'red']
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
        [by(select('nodejs_eventloop_lag_p99_seconds')), '{{instance}}, 99 % within'],
        [`max(${select('nodejs_eventloop_lag_p50_seconds')})`, 'half within'],
        [`max(${select('nodejs_eventloop_lag_max_seconds')})`, 'longest']
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
        [`sum(${select('nodejs_heap_size_total_bytes')})`, 'heap'],
        [`sum(${select('nodejs_heap_size_used_bytes')})`, 'heap in use'],
        [`sum(${select('nodejs_external_memory_bytes')})`, 'external']
      ]
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
      queries: [[`sum by (operation) (${rate('dalleserver_storage_operations_total')}) > 0`, '{{operation}}']]
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
          `sum by (operation) (${rate('dalleserver_storage_operations_total', 'outcome="failure"')}) * 60`,
          '{{operation}}'
        ]
      ]
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
      width: 6,
      queries: [[by(select('up'), 'max'), '{{instance}}']],
      mappings: UP
    }),
    states({
      title: 'Engine over time',
      description:
        'Whether each process reaches the database. One process without a database is its own engine.',
      width: 6,
      queries: [[by(select('dalleserver_engine_up'), 'max'), '{{instance}}']],
      mappings: UP
    }),
    lines({
      title: 'Connections to the database',
      description: 'Of all processes. Statements wait when all connections of their process are in use.',
      width: 6,
      decimals: 0,
      queries: [[`sum by (state) (${select('dalleserver_engine_connections')})`, '{{state}}']],
      colors: { waiting: 'red' }
    }),
    lines({
      title: 'Workers, stalled runs and clocks',
      description:
        'Runs whose worker shows no more sign of life, which another takes up within half a minute; workers that ' +
        'live; and by how much the clock of a machine differs from the one of the database.',
      width: 6,
      queries: [
        [shared('dalleserver_engine_stalled_runs'), 'stalled runs'],
        [shared('dalleserver_engine_workers'), 'workers'],
        [
          by(`abs(${select('dalleserver_engine_clock_difference_seconds')})`, 'max'),
          '{{instance}}, seconds apart'
        ]
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
