import { fieldsOf } from './prices.ts'

const THOUGHT_NAMES = 'think|thinking|thought|thoughts|reasoning|reflection'
/** Thoughts within a text, as open models write them: `<think>…</think>`, `[THINK]…[/THINK]`. */
const OPENING = new RegExp(`(?:<(?:${THOUGHT_NAMES})>|\\[THINK\\]|◁think▷)`, 'i')
const CLOSING = new RegExp(`(?:</(?:${THOUGHT_NAMES})>|\\[/THINK\\]|◁/think▷)`, 'i')
/** The channels of gpt-oss, where a server passes them on. Only the channel `final` is the answer. */
const FINAL_CHANNEL = /<\|channel\|>final[^<]*<\|message\|>/
const CONTROL_TOKEN = /<\|[a-z_]+\|>/g
const TEXT_TYPES = new Set(['text', 'output_text'])

/** The text of a message's content: a text, or a list of parts of which some are thoughts or a refusal. */
export function answerTextOf(content: unknown): { text: string; isRefused: boolean } {
  const parts = Array.isArray(content) ? content : [content]
  const text = parts.map(textOfPart).join('')
  const isRefused = parts.some((part) => fieldsOf(part).type === 'refusal')
  return { text: withoutThoughts(text), isRefused }
}

function textOfPart(part: unknown): string {
  if (typeof part === 'string') return part
  const { type = 'text', text, thought } = fieldsOf(part)
  return TEXT_TYPES.has(String(type)) && typeof text === 'string' && thought !== true ? text : ''
}

/**
 * A text without thoughts. Thoughts that do not end take the rest of the text with them; thoughts whose beginning is
 * missing, because the model's template writes it, take what stands before.
 */
function withoutThoughts(text: string): string {
  const channel = FINAL_CHANNEL.exec(text)
  let rest = channel === null ? text : text.slice(channel.index + channel[0].length)
  if (channel === null && text.includes('<|channel|>')) return ''
  rest = rest.replace(CONTROL_TOKEN, '')
  let kept = ''
  for (;;) {
    const opening = OPENING.exec(rest)
    const closing = CLOSING.exec(rest)
    if (closing !== null && (opening === null || closing.index < opening.index)) {
      kept = ''
      rest = rest.slice(closing.index + closing[0].length)
    } else if (opening === null) {
      return kept + rest
    } else {
      kept += rest.slice(0, opening.index)
      const inner = rest.slice(opening.index)
      const end = CLOSING.exec(inner)
      if (end === null) return kept
      rest = inner.slice(end.index + end[0].length)
    }
  }
}
