import { ERROR_STATUS } from '../../../lib/errors.ts'
import { lines, percentile, percentiles, rate, select } from './panels.ts'
import type { Row } from './panels.ts'

const REQUESTS = 'dalleserver_http_request_duration_seconds'
/** Requests that waited for a run count apart. */
const WAITS = 'dalleserver_http_wait_duration_seconds'
/** Prometheus' own requests and health checks are left out. */
const ASKED = 'route!~"/metrics|/health|/healthz|/readyz"'
const NO_REQUESTS = 'no requests but those of Prometheus and of health checks'
const FIRST_SERVER_ERROR = 500

/** The rate of all requests, those that waited included. Only the first have a label `method`, so both are counted. */
function requests(labels = ''): string {
  const both = [ASKED, labels].filter((each) => each !== '').join(', ')
  return `${rate(`${REQUESTS}_count`, both)} or ${rate(`${WAITS}_count`, labels)}`
}

/** The codes of errors with such a status, as a label. A cancelled run is no error. */
function codesWhere(has: (status: number) => boolean): string {
  const codes = Object.entries(ERROR_STATUS).filter(([code, status]) => code !== 'CANCELLED' && has(status))
  return `code=~"${codes.map(([code]) => code).join('|')}"`
}

/** Errors of the server and of what it depends on. */
export const SERVER_ERRORS = codesWhere((status) => status >= FIRST_SERVER_ERROR)
const CLIENT_ERRORS = codesWhere((status) => status < FIRST_SERVER_ERROR)

const speed = () => [
  lines({
    title: 'Requests by route',
    description: 'Requests a second by route pattern, without health checks and those of Prometheus.',
    width: 8,
    unit: 'reqps',
    stacked: true,
    queries: [[`sum by (route) (${requests()}) > 0`, '{{route}}']],
    none: NO_REQUESTS
  }),
  lines({
    title: 'Latency',
    description: 'Time until an answer is sent. Event streams and requests that wait for a run are left out.',
    width: 8,
    unit: 's',
    queries: percentiles(REQUESTS, ASKED),
    none: NO_REQUESTS
  }),
  lines({
    title: 'Latency by route',
    description: '95 % of the answers of a route took at most this long; without waits and event streams.',
    width: 8,
    unit: 's',
    queries: [[percentile(0.95, REQUESTS, 'route', ASKED), '{{route}}, p95']],
    none: NO_REQUESTS
  })
]

const kinds = () => [
  lines({
    title: 'Waits',
    description:
      'How long requests waited for a run because their client asked for it: with Prefer: wait, and under /v1.',
    width: 8,
    unit: 's',
    queries: percentiles(WAITS),
    none: 'no request waited for a run'
  }),
  lines({
    title: 'Pictures from the disk',
    description: 'Response time of existing pictures.',
    width: 8,
    unit: 's',
    queries: percentiles('dalleserver_image_response_duration_seconds'),
    limits: [
      [null, 'transparent'],
      [0.5, 'red']
    ],
    none: 'no picture was asked for'
  }),
  lines({
    title: 'Avatars',
    description: 'A minute, by what they show. Missing is a 404 that the client asked for.',
    width: 8,
    unit: 'cpm',
    stacked: true,
    queries: [[`sum by (content) (${rate('dalleserver_avatars_total')}) * 60`, '{{content}}']],
    colors: { picture: 'green', placeholder: 'yellow', missing: 'text' }
  })
]

export const requestsRow = (): Row => ['Requests', [...speed(), ...kinds()]]

export const clientsRow = (): Row => [
  'Clients',
  [
    lines({
      title: 'Connections',
      description: 'Open connections of clients, by process.',
      width: 6,
      unit: 'short',
      decimals: 0,
      stacked: true,
      queries: [[`sum by (instance) (${select('dalleserver_connections')})`, '{{instance}}']]
    }),
    lines({
      title: 'Event streams',
      description: 'Open event streams of pages and clients, by process.',
      width: 6,
      unit: 'short',
      decimals: 0,
      stacked: true,
      queries: [[`sum by (instance) (${select('dalleserver_sse_clients')})`, '{{instance}}']]
    }),
    lines({
      title: 'Closed by the server',
      description: 'Connections a minute that were too slow, idle, or too many.',
      width: 6,
      unit: 'cpm',
      queries: [[`sum by (reason) (${rate('dalleserver_connections_closed_total')}) * 60`, '{{reason}}']]
    }),
    lines({
      title: 'Over a limit',
      description: 'Requests a minute that were refused because their client had reached a limit.',
      width: 6,
      unit: 'cpm',
      queries: [[`sum by (limit) (${rate('dalleserver_client_limited_total')}) * 60`, '{{limit}}']]
    })
  ]
]

export const errorsRow = (): Row => [
  'Errors',
  [
    lines({
      title: 'Errors by code',
      description: 'Answers with a status of 500 or above and failed runs, a minute. Only codes that occur.',
      width: 6,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [
        [`sum by (code) (${rate('dalleserver_error_code_total', SERVER_ERRORS)}) * 60 > 0`, '{{code}}']
      ],
      none: 'no errors'
    }),
    lines({
      title: 'Errors by route',
      description: 'Answers with a status of 500 or above, a minute. Only routes where they occur.',
      width: 6,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [[`sum by (route) (${requests('code=~"5.."')}) * 60 > 0`, '{{route}}']],
      none: 'no errors'
    }),
    lines({
      title: 'Refused requests',
      description:
        'A minute: what clients asked for in a wrong way, may not do, or did too often, and what the provider does ' +
        'not draw. No errors of the server.',
      width: 6,
      unit: 'cpm',
      bars: true,
      stacked: true,
      queries: [
        [`sum by (code) (${rate('dalleserver_error_code_total', CLIENT_ERRORS)}) * 60 > 0`, '{{code}}']
      ],
      none: 'no request was refused'
    }),
    lines({
      title: 'Answers by status',
      description: 'A second. 499 is a run that a client has cancelled.',
      width: 6,
      unit: 'reqps',
      stacked: true,
      queries: [[`sum by (code) (${requests()}) > 0`, '{{code}}']],
      none: NO_REQUESTS
    })
  ]
]
