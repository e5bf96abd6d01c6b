import { DRAWN, LOST, UNUSABLE, json } from './shape.ts'
import type { Shape, ShapeAnswer, ShapeContext } from './shape.ts'

type Row = [name: string, answer: Shape['answer'], outcome?: Partial<Shape>]

/** An answer with one entry in its list. */
const entry = (fields: (context: ShapeContext) => object) => (context: ShapeContext) =>
  json({ created: 1764093600, data: [fields(context)] })

const body =
  (make: (context: ShapeContext) => string | Buffer, more: Omit<ShapeAnswer, 'body'> = {}): Shape['answer'] =>
  (context) => ({ ...more, body: make(context) })

const whole = ({ picture }: ShapeContext, more = {}) =>
  JSON.stringify({ created: 1764093600, data: [{ b64_json: picture.base64 }], ...more })

const event = (fields: object, name?: string) =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(fields)}\n\n`

const completed = ({ picture }: ShapeContext) =>
  event({ type: 'image_generation.completed', b64_json: picture.base64 })

const EVENTS = { type: 'text/event-stream' }
const NOT_AN_IMAGE = Buffer.from('This is a sentence and no image.').toString('base64')

const FORMS: Row[] = [
  ['data_uri_in_url', entry(({ picture }) => ({ url: `data:image/png;base64,${picture.base64}` }))],
  ['data_uri_in_b64', entry(({ picture }) => ({ b64_json: `data:image/png;base64,${picture.base64}` }))],
  ['data_uri_without_type', entry(({ picture }) => ({ url: `data:;base64,${picture.base64}` }))],
  ['base64_in_url', entry(({ picture }) => ({ url: picture.base64 }))],
  ['url_in_b64', entry(({ url }) => ({ b64_json: url }))],
  ['empty_b64_beside_url', entry(({ url }) => ({ b64_json: '', url }))],
  ['null_b64_beside_url', entry(({ url }) => ({ b64_json: null, url }))],
  ['empty_url_beside_b64', entry(({ picture }) => ({ url: '', b64_json: picture.base64 }))],
  ['broken_b64_beside_url', entry(({ url }) => ({ b64_json: NOT_AN_IMAGE, url }))],
  [
    'cut_b64_beside_url',
    entry(({ picture, url }) => ({ b64_json: picture.base64.slice(0, picture.base64.length / 2), url }))
  ],
  // LocalAI and others name a path on their own host.
  ['relative_url', entry(({ url }) => ({ url: new URL(url).pathname }))],
  ['url_without_scheme', entry(({ url }) => ({ url: url.replace(/^http:/, '') }))],
  ['base64_in_lines', entry(({ picture }) => ({ b64_json: picture.base64.replace(/.{76}/g, '$&\r\n') }))],
  [
    'base64_for_urls',
    entry(({ picture }) => ({
      b64_json: picture.base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    }))
  ],
  ['second_entry', ({ picture }) => json({ data: [{ b64_json: '' }, { b64_json: picture.base64 }] })],
  ['one_object', ({ picture }) => json({ data: { b64_json: picture.base64 } })],
  ['list_of_texts', ({ picture }) => json({ images: [picture.base64] })],
  [
    'image_of_a_chat',
    // OpenRouter: an image model behind the chat endpoint.
    ({ picture }) =>
      json({
        choices: [
          {
            message: {
              content: '',
              images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${picture.base64}` } }]
            }
          }
        ]
      })
  ],
  ['error_beside_url', ({ url }) => json({ error: { message: 'slow' }, data: [{ url }] })],
  ['error_null', ({ picture }) => json({ error: null, data: [{ b64_json: picture.base64 }] })],
  ['error_empty', ({ picture }) => json({ error: {}, data: [{ b64_json: picture.base64 }] })],
  [
    'error_beside_picture',
    ({ picture }) => json({ error: { message: 'late' }, data: [{ b64_json: picture.base64 }] })
  ],
  [
    'tokens_of_zero',
    ({ picture }) =>
      json({
        data: [{ b64_json: picture.base64 }],
        usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
      })
  ],
  [
    'tokens',
    ({ picture }) =>
      json({
        data: [{ b64_json: picture.base64 }],
        usage: { input_tokens: 10, output_tokens: 4160, total_tokens: 4170 }
      }),
    { charges: { input: 10, output: 4160 } }
  ]
]

const LABELS: Row[] = [
  ['json_as_html', body(whole, { type: 'text/html; charset=utf-8' })],
  ['json_as_text', body(whole, { type: 'text/plain' })],
  ['json_as_bytes', body(whole, { type: 'application/octet-stream' })],
  ['json_as_image', body(whole, { type: 'image/png' })],
  ['json_as_events', body(whole, EVENTS)],
  ['json_without_type', body(whole, { type: '' })],
  ['json_with_mark', body((context) => `\uFEFF\n ${whole(context)}`)],
  ['json_with_status_246', body(whole, { status: 246 })],
  ['json_with_status_500', body(whole, { status: 500 })],
  ['bytes_as_png', body(({ picture }) => picture.bytes, { type: 'image/png' })],
  ['bytes_as_text', body(({ picture }) => picture.bytes, { type: 'text/plain' })],
  ['bytes_as_json', body(({ picture }) => picture.bytes)],
  ['bytes_without_type', body(({ picture }) => picture.bytes, { type: '' })],
  ['base64_as_text', body(({ picture }) => picture.base64, { type: 'text/plain' })],
  ['url_as_text', body(({ url }) => url, { type: 'text/plain' })],
  ['events_as_json', body((context) => `: ping\n\n${completed(context)}`)],
  ['events_unasked', body(completed, EVENTS)],
  [
    'events_named',
    body(
      ({ picture }) =>
        event({ b64_json: picture.base64, partial_image_index: 0 }, 'image_generation.partial_image') +
        event({ b64_json: picture.base64 }, 'image_generation.completed'),
      EVENTS
    )
  ],
  // MiniMax: each finished picture is an event, and the last event only counts.
  [
    'events_with_summary',
    body(
      ({ url }) =>
        event({ type: 'image_generation.partial_succeeded', image_index: 0, url }) +
        event({ type: 'image_generation.completed', usage: { generated_images: 1 } }),
      EVENTS
    )
  ]
]

const CUTS: Row[] = [
  ['cut_after_picture', body((context) => whole(context).slice(0, -3), { end: 'cut' })],
  [
    'cut_in_usage',
    body((context) => whole(context, { usage: { input_tokens: 10, output_tokens: 4160 } }).slice(0, -20), {
      end: 'cut'
    })
  ],
  ['cut_after_json', body(whole, { end: 'cut' })],
  ['open_after_json', body(whole, { end: 'open' })],
  ['open_after_events', body(completed, { ...EVENTS, end: 'open' })],
  ['cut_after_bytes', body(({ picture }) => picture.bytes, { type: 'image/png', end: 'cut' })],
  ['cut_after_event', body((context) => completed(context).trimEnd(), { ...EVENTS, end: 'cut' })],
  ['ended_after_picture', body((context) => whole(context).slice(0, -3))],
  ['escaped_and_cut', body((context) => whole(context).replaceAll('/', '\\/').slice(0, -2), { end: 'cut' })],
  ['more_after_json', body((context) => `${whole(context)}\nnull and void`)],
  // What was lost may have been charged.
  ['cut_in_picture', body((context) => whole(context).slice(0, 300), { end: 'cut' }), LOST],
  [
    'cut_in_bytes',
    body(({ picture }) => picture.bytes.subarray(0, picture.bytes.length / 2), {
      type: 'image/png',
      end: 'cut'
    }),
    LOST
  ],
  ['cut_in_event', body((context) => completed(context).slice(0, 300), { ...EVENTS, end: 'cut' }), LOST],
  ['no_picture', entry(() => ({ b64_json: '', url: '' })), UNUSABLE],
  ['a_sentence', body(() => 'Here is your picture!', { type: 'text/plain' }), UNUSABLE],
  [
    'no_picture_with_tokens',
    () => json({ data: [], usage: { input_tokens: 10, output_tokens: 20, total_tokens: 30 } }),
    { ...UNUSABLE, charges: { input: 10, output: 20 } }
  ]
]

/** Pictures in each form, under each label, cut at each place. */
export const PICTURE_SHAPES: Shape[] = [...FORMS, ...LABELS, ...CUTS].map(([name, answer, outcome]) => ({
  name,
  operation: 'image',
  answer,
  ...DRAWN,
  ...outcome
}))
