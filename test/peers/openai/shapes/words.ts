import { AWAY, DRAWN, REJECTED, UNUSABLE, json } from './shape.ts'
import type { Shape, ShapeContext } from './shape.ts'

type Row = [name: string, answer: Shape['answer'], outcome?: Partial<Shape>]

const USAGE = { prompt_tokens: 100, completion_tokens: 40, total_tokens: 140 }
const TOKENS = { input: 100, output: 40 }

interface Choice {
  message?: object
  delta?: object
  finish_reason?: string
  usage?: object
  [field: string]: unknown
}

const answered = (make: (text: string) => Choice) => (context: ShapeContext) => {
  const { usage = USAGE, ...choice } = make(`Better: ${context.text}`)
  return json({ object: 'chat.completion', choices: [{ index: 0, finish_reason: 'stop', ...choice }], usage })
}

const saying = (make: (text: string) => unknown) => answered((text) => ({ message: { content: make(text) } }))

/** A stream of chunks. The last one has the tokens, as with `stream_options`. */
const chunked = (make: (text: string) => Choice[]) => (context: ShapeContext) => {
  const choices = make(`Better: ${context.text}`)
  const chunks = [...choices.map((choice) => ({ choices: [choice] })), { choices: [], usage: USAGE }]
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
  return { type: 'text/event-stream', body: `${body}data: [DONE]\n\n` }
}

const refuses = { ...REJECTED, charges: TOKENS }
const unusable = { ...UNUSABLE, charges: TOKENS }

const ROWS: Row[] = [
  [
    'parts',
    saying((text) => [
      { type: 'text', text: text.slice(0, 5) },
      { type: 'text', text: text.slice(5) }
    ])
  ],
  [
    'chunks_unasked',
    chunked((text) => [
      { delta: { role: 'assistant', content: '' } },
      { delta: { reasoning_content: 'Hmm, an otter?' } },
      { delta: { content: `<think>Hmm</think>${text.slice(0, 5)}` } },
      { delta: { content: [{ type: 'text', text: text.slice(5) }] } },
      { delta: {}, finish_reason: 'stop' }
    ])
  ],
  [
    'chunks_cut',
    chunked((text) => [{ delta: { content: text } }, { delta: {}, finish_reason: 'length' }]),
    unusable
  ],
  ['chunks_without_end', chunked((text) => [{ delta: { content: text } }]), unusable],
  [
    'chunks_filtered',
    chunked((text) => [{ delta: { content: text } }, { delta: {}, finish_reason: 'content_filter' }]),
    refuses
  ],
  [
    'chunks_with_error',
    () => ({
      type: 'text/event-stream',
      body: 'data: {"error":{"code":502,"message":"Upstream error"},"choices":[{"delta":{"content":"Be"}}]}\n\n'
    }),
    AWAY
  ],
  ['parts_of_output', saying((text) => [{ type: 'output_text', text }])],
  // Mistral's reasoning models.
  [
    'thinking_part',
    saying((text) => [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hmm, an otter?' }] },
      { type: 'text', text }
    ])
  ],
  ['reasoning_part', saying((text) => [{ type: 'reasoning', text: 'Hmm, an otter?' }, text])],
  ['think_tag', saying((text) => `<think>\nHmm, an otter?\n</think>\n\n${text}`)],
  ['think_tag_upper', saying((text) => `<THINKING>Hmm</THINKING>${text}`)],
  ['think_brackets', saying((text) => `[THINK]Hmm, an otter?[/THINK]${text}`)],
  // The template of DeepSeek R1 writes the first tag itself.
  ['think_without_begin', saying((text) => `Hmm, an otter?\n</think>\n${text}`)],
  ['two_thoughts', saying((text) => `<think>a</think><think>b</think>${text}`)],
  [
    'channels',
    saying(
      (text) =>
        `<|channel|>analysis<|message|>Hmm<|end|><|start|>assistant<|channel|>final<|message|>${text}<|return|>`
    )
  ],
  [
    'reasoning_content',
    answered((text) => ({ message: { content: text, reasoning_content: 'Hmm', reasoning: 'Hmm' } }))
  ],
  [
    'tokens_of_thoughts_on_top',
    // xAI: the thoughts are in the total only.
    answered((text) => ({
      message: { content: text },
      usage: {
        prompt_tokens: 100,
        completion_tokens: 9,
        total_tokens: 429,
        completion_tokens_details: { reasoning_tokens: 320 }
      }
    })),
    { charges: { input: 100, output: 329 } }
  ],
  [
    'tokens_of_thoughts_without_total',
    answered((text) => ({
      message: { content: text },
      usage: {
        prompt_tokens: 100,
        completion_tokens: 9,
        completion_tokens_details: { reasoning_tokens: 320 }
      }
    })),
    { charges: { input: 100, output: 329 } }
  ],
  [
    'tokens_of_thoughts_within',
    answered((text) => ({
      message: { content: text },
      usage: {
        prompt_tokens: 100,
        completion_tokens: 329,
        total_tokens: 429,
        completion_tokens_details: { reasoning_tokens: 320 }
      }
    })),
    { charges: { input: 100, output: 329 } }
  ],
  [
    'words_as_text',
    ({ text }) => ({
      type: 'text/plain',
      body: JSON.stringify({ choices: [{ message: { content: `Better: ${text}` } }], usage: USAGE })
    })
  ],
  ['thoughts_without_end', saying(() => '<think>Hmm, an otter? It could'), unusable],
  ['thoughts_alone', answered(() => ({ message: { content: null, reasoning_content: 'Hmm' } })), unusable],
  ['empty_text', saying(() => ' \n'), unusable],
  ['no_parts', saying(() => []), unusable],
  ['cut_text', answered((text) => ({ message: { content: text }, finish_reason: 'length' })), unusable],
  [
    'cut_text_of_others',
    answered((text) => ({ message: { content: text }, finish_reason: 'MAX_TOKENS' })),
    unusable
  ],
  ['refusal_field', answered(() => ({ message: { content: null, refusal: 'I cannot.' } })), refuses],
  ['refusal_part', saying(() => [{ type: 'refusal', refusal: 'I cannot.' }]), refuses],
  // Gemini's compatible endpoint writes the reason behind a colon.
  [
    'filter_with_reason',
    answered(() => ({ message: {}, finish_reason: 'content_filter: PROHIBITED_CONTENT' })),
    refuses
  ],
  [
    'filter_after_text',
    answered((text) => ({ message: { content: text }, finish_reason: 'SAFETY' })),
    refuses
  ],
  [
    'prompt_filtered',
    () =>
      json(
        {
          error: {
            message:
              "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. " +
              'Please modify your prompt and retry.',
            type: null,
            param: 'prompt',
            code: 'content_filter',
            status: 400,
            innererror: {
              code: 'ResponsibleAIPolicyViolation',
              content_filter_result: { violence: { filtered: true, severity: 'high' } }
            }
          }
        },
        { status: 400 }
      ),
    REJECTED
  ],
  [
    'error_in_choice',
    () =>
      json({
        choices: [
          {
            finish_reason: 'error',
            error: { code: 502, message: 'Upstream error' },
            message: { content: '' }
          }
        ]
      }),
    AWAY
  ]
]

/** Texts of language models, with their thoughts, and what is no text. */
export const WORD_SHAPES: Shape[] = ROWS.map(([name, answer, outcome]) => ({
  name,
  operation: 'chat',
  answer,
  ...DRAWN,
  charges: TOKENS,
  enhanced: (text) => `Better: ${text}`,
  ...outcome
}))
