import { Type } from '@sinclair/typebox'
import type { StaticDecode } from '@sinclair/typebox'
import { parseHeaders } from '../tracing/collector.ts'
import { basePath, decoded, duration, explorerUrl, frameAncestors, hostNames, httpUrl } from './decoders.ts'
import { folderOnDisk, networks, onOff, origins, proxyFolder, timeToStop, tokens, words } from './decoders.ts'
import { ENGINE_SETTINGS } from './engine-settings.ts'
import { PROVIDER_SETTINGS } from './provider-settings.ts'
import { DURATION, HTTP_URL, NONE, setting } from './setting.ts'
import type { SettingOptions } from './setting.ts'

const TOKENS =
  'tokens of 16 or more letters, digits and -._~+/ with a comma or a line end between two, ' +
  'each with or without a <name>:'

/** Every setting by the name of its environment variable, with its type, default, flag and help. */
export const ConfigSchema = Type.Object(
  {
    TB_DALLE_PORT: setting(Type.Integer({ minimum: 0, maximum: 65_535 }), {
      flag: 'port',
      default: 8080,
      description: 'TCP port to listen on; 0 chooses a free port',
      expected: 'a whole number from 0 to 65535'
    }),
    TB_DALLE_HOST: setting(Type.String({ pattern: '^[A-Za-z0-9.:_-]+$' }), {
      flag: 'host',
      default: '127.0.0.1',
      description: 'Address to listen on; 0.0.0.0 listens on every interface',
      expected: 'a host name or an IP address'
    }),
    TB_DALLE_METRICS_PORT: setting(Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })), {
      defaultText: `${NONE}: they are on TB_DALLE_PORT`,
      description: 'TCP port of its own for /metrics and /errors, on the same address; 0 chooses a free port',
      expected: 'a whole number from 0 to 65535'
    }),
    TB_DALLE_DATA_DIR: setting(Type.Optional(Type.String({ pattern: '^[^~\\0][^\\0]*$' })), {
      flag: 'data-dir',
      defaultText: '$XDG_DATA_HOME/trueblocks/dalle, else ~/.local/share/trueblocks/dalle',
      description: 'Data folder for pictures, prompts, series and statistics',
      expected: 'a folder, written in full and not with a leading ~'
    }),
    TB_DALLE_LOCK_TTL: setting(duration(), {
      flag: 'lock-ttl',
      default: '5m',
      description: 'Longest time that the run of one picture may take',
      expected: DURATION
    }),
    TB_DALLE_STOP_GRACE: setting(Type.Optional(timeToStop()), {
      defaultText: '8s; of a worker TB_DALLE_LOCK_TTL',
      description:
        'How long runs that work may go on after SIGTERM. A drawing that takes longer is cut, ' +
        'and bought again at the next start',
      expected: 'a duration from 0s to 24h, such as 60s, 5m or 1h30m'
    }),
    TB_DALLE_CONCURRENCY: setting(Type.Integer({ minimum: 1, maximum: 256 }), {
      default: 4,
      description: 'Runs at the same time',
      expected: 'a whole number from 1 to 256'
    }),
    TB_DALLE_QUEUE_LIMIT: setting(Type.Integer({ minimum: 0, maximum: 100_000 }), {
      default: 1000,
      description:
        'Runs that may wait in the queue; more are refused with QUEUE_FULL. Another client still gets its share',
      expected: 'a whole number from 0 to 100000'
    }),
    TB_DALLE_FAILURE_HOLD: setting(duration(), {
      default: '10s',
      description: 'How long a finished run answers repeated requests before a new run may start',
      expected: DURATION
    }),
    TB_DALLE_ARCHIVE_RUNS: setting(onOff(), {
      default: '0',
      description: '1 keeps the last snapshot of every run in metrics/runs/',
      expected: '0 or 1'
    }),
    TB_DALLE_EMBED_PROMPT: setting(onOff(), {
      default: '1',
      description: '0 leaves the prompts out of all files that are served: PNGs, and what /files sends',
      expected: '0 or 1'
    }),
    TB_DALLE_API_TOKENS: setting(Type.Optional(tokens('token')), {
      secret: true,
      defaultText: `${NONE}: on loopback no request needs one, elsewhere no change but the start of a run is possible`,
      description:
        'Tokens, separated by commas or line ends, each <token> or <name>:<token>; ' +
        'requests that start, remove, cancel or change something need one',
      expected: TOKENS
    }),
    TB_DALLE_OPEN: setting(onOff(), {
      default: '0',
      description:
        '1 lets anybody start runs of /dalle and /avatar without a token; ' +
        'with a key, a server that others can reach needs a daily limit then',
      expected: '0 or 1'
    }),
    TB_DALLE_AUTOSTART: setting(onOff(), {
      default: '0',
      description:
        '1 lets a plain GET of a missing picture start its run, as the Go server does; ' +
        'with a key it needs a daily limit',
      expected: '0 or 1'
    }),
    TB_DALLE_HOSTS: setting(Type.Optional(hostNames()), {
      defaultText: 'localhost and 127.0.0.1 while TB_DALLE_HOST is one of them, else all names',
      description: 'Host names that are answered, separated by commas',
      expected: 'host names or IP addresses without ports, such as dalle.example, with a comma between two'
    }),
    TB_DALLE_PUBLIC_URL: setting(Type.Optional(httpUrl()), {
      defaultText: NONE,
      description:
        'URL under which clients reach the server, such as https://dalle.example; absolute URLs begin with it',
      expected: HTTP_URL
    }),
    TB_DALLE_STRICT_CHECKSUM: setting(onOff(), {
      default: '0',
      description: '1 refuses an address whose upper and lower case are mixed and not as EIP-55 says',
      expected: '0 or 1'
    }),
    TB_DALLE_BASE_PATH: setting(Type.Optional(basePath()), {
      defaultText: `${NONE}: the root`,
      description: 'Path under which clients reach the server, such as /art; all links begin with it',
      expected:
        'a path such as /art, of letters, digits and -._~, that is not one of the server itself such as /v1'
    }),
    TB_DALLE_CORS_ORIGINS: setting(Type.Optional(origins()), {
      defaultText: NONE,
      description: 'Origins, separated by commas, whose pages may start, remove, cancel and change something',
      expected: 'origins such as https://a.example, with a comma between two'
    }),
    TB_DALLE_FRAME_ANCESTORS: setting(Type.Optional(frameAncestors()), {
      defaultText: NONE,
      description: 'Origins, separated by commas, that may show the page of a picture in a frame; * for all',
      expected: '* or origins such as https://a.example, with a comma between two'
    }),
    TB_DALLE_EXPLORER_URL: setting(explorerUrl(), {
      default: 'https://etherscan.io/address/',
      description:
        'URL of a block explorer, to which the address of a picture is added; an empty value leaves the link out',
      expected: `empty, or ${HTTP_URL}`
    }),
    TB_DALLE_METRICS_AUTH: setting(onOff(), {
      default: '0',
      description: '1 asks for a token on /metrics, /errors and the full /health',
      expected: '0 or 1'
    }),
    TB_DALLE_METRICS_TOKENS: setting(Type.Optional(tokens('metrics')), {
      secret: true,
      defaultText: NONE,
      description:
        'Tokens that read /metrics, /errors and the full /health and change nothing, for Prometheus; ' +
        'written as those of TB_DALLE_API_TOKENS, which may read these too; needs TB_DALLE_METRICS_AUTH=1',
      expected: TOKENS
    }),
    TB_DALLE_TRUSTED_PROXIES: setting(Type.Optional(networks()), {
      defaultText: NONE,
      description:
        'Addresses or networks of proxies, separated by commas; their X-Forwarded-For names the client, ' +
        'and X-Forwarded-Host and X-Forwarded-Proto the URL of the server',
      expected: 'IP addresses or networks, such as 10.0.0.7 or 10.0.0.0/8, with a comma between two'
    }),
    TB_DALLE_ACCEL_REDIRECT: setting(Type.Optional(proxyFolder()), {
      defaultText: `${NONE}: the server sends all pictures itself`,
      description:
        'Path that the proxy, nginx or Caddy, has for the data folder and nobody else can reach, such as /internal/; ' +
        'the proxy sends the pictures (X-Accel-Redirect)',
      expected:
        'a path such as /internal/, of letters, digits and -._~, that is not one of the server itself such as /files'
    }),
    TB_DALLE_SENDFILE: setting(Type.Optional(folderOnDisk()), {
      defaultText: `${NONE}: the server sends all pictures itself`,
      description:
        'Data folder as the proxy, Apache or lighttpd, sees it, such as /var/lib/dalleserver; the proxy sends ' +
        'the pictures (X-Sendfile)',
      expected: 'a folder, written in full, without . and .. and not with a leading ~'
    }),
    TB_DALLE_CLIENT_RUNS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 60,
      description: 'Runs that one client may start in a minute; each process counts its own; 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CLIENT_CONNECTIONS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 256,
      description: 'Connections that one address may have open; 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CLIENT_STREAMS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 256,
      description: 'Event streams that one client may have open; 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CLIENT_WAITERS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 64,
      description:
        'Requests of one client that may wait for the end of a run (Prefer: wait); 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CACHE_MB: setting(Type.Integer({ minimum: 64, maximum: 1_000_000 }), {
      default: 512,
      description:
        'Megabytes for pictures in other sizes and formats in cache/; the least recently used are removed first',
      expected: 'a whole number from 64 to 1000000'
    }),
    TB_DALLE_MEMORY_MB: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 64,
      description: 'Megabytes of memory for the pictures that were sent last; 0 keeps none',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_MIN_FREE_MB: setting(
      Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      {
        defaultText: '200, or a fiftieth of the volume where that is less',
        description: 'Free megabytes of the disk below which no run starts',
        expected: 'a whole number, 0 or more'
      }
    ),
    TB_DALLE_MAX_PICTURES: setting(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), {
      default: 0,
      description:
        'Pictures that the data folder may hold; above it no run for a new picture starts. 0 sets no limit',
      expected: 'a whole number, 0 or more'
    }),
    TB_DALLE_ARCHIVE_DAYS: setting(Type.Integer({ minimum: 0, maximum: 36_500 }), {
      default: 90,
      description: 'Days that replaced and removed pictures stay in archives/; 0 keeps them for ever',
      expected: 'a whole number from 0 to 36500'
    }),
    ...ENGINE_SETTINGS,
    ...PROVIDER_SETTINGS,
    TB_DALLE_REVISION: setting(Type.String({ pattern: '^[!-~]{1,64}$' }), {
      default: 'unknown',
      description: 'Revision of the source, shown by the metric dalleserver_build_info',
      expected: 'up to 64 characters without blanks'
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: setting(Type.Optional(httpUrl()), {
      defaultText: `${NONE}: no traces`,
      description: 'Base URL of the OpenTelemetry collector that traces are sent to, by OTLP over HTTP',
      expected: HTTP_URL
    }),
    OTEL_EXPORTER_OTLP_HEADERS: setting(Type.Optional(decoded(Type.String(), parseHeaders)), {
      secret: true,
      defaultText: NONE,
      description: 'Headers for the collector, such as api-key=secret,tenant=a',
      expected: 'name=value pairs with commas between them, other characters percent-encoded'
    }),
    OTEL_SERVICE_NAME: setting(Type.String({ pattern: '^[!-~]{1,64}$' }), {
      default: 'dalleserver',
      description: 'Name of this server in traces',
      expected: 'up to 64 characters without blanks'
    }),
    LOG_LEVEL: setting(words('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
      default: 'info',
      description:
        'Lowest level of the log lines that are written: trace, debug, info, warn, error, fatal or silent',
      expected: 'one of trace, debug, info, warn, error, fatal and silent'
    }),
    TB_DALLE_LOG_FORMAT: setting(Type.Optional(words('pretty', 'json')), {
      defaultText: 'pretty on a terminal, json elsewhere',
      description: 'Form of the log lines: pretty for people, json for programs',
      expected: 'pretty or json'
    })
  },
  { additionalProperties: false }
)

/** The decoded settings: durations in milliseconds, switches as booleans. */
export type Settings = StaticDecode<typeof ConfigSchema>
export type SettingName = keyof Settings & string

/** The same as a list. */
export const SETTINGS = Object.entries(ConfigSchema.properties) as unknown as Array<
  [SettingName, SettingOptions & { type?: string; default?: string | number }]
>
