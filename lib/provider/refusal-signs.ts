/** What the body of an error says, as far as it is known. */
export interface Signs {
  /** The status that the body itself names. */
  status: number | undefined
  /** The codes in the body: `code`, `type`, `status`, `reason`, … */
  codes: Record<'money' | 'content' | 'key' | 'throttled' | 'request', boolean>
  /** The sentences in the body. */
  words: Record<'money' | 'content' | 'key' | 'account', boolean>
}

// Codes are compared without case and without signs: `content_filter` of OpenAI is `contentFilter` at Azure.
const CODES: Record<keyof Signs['codes'], RegExp> = {
  money: new RegExp(
    '^(?:insufficient(?:quota|balance|credits?|funds)|billing.*|paymentrequired|budgetexceeded|exceededbudget' +
      '|outofcredits|nocredits|arrearage|accountoverdue.*)$'
  ),
  content: new RegExp(
    'contentfilter|contentpolicy|contentmoderation|contentblocked|contentrejected|contentviolation' +
      '|^moderation(?!.*(?:unavailable|timeout|overload))|responsibleai|prohibitedcontent|sensitivecontent' +
      '|inappropriatecontent|unsafe(?:content|prompt)|datainspection|nsfw|policyviolation|safetyviolation' +
      '|guardrail|hooksfailed|^(?:image)?safety$|^blocklist$|^spii$|^invalidprompt$|^flagged'
  ),
  key: new RegExp(
    '^(?:(?:invalid|incorrect|missing|expired)(?:api)?key|apikeyinvalid|apikeyexpired|authentication.*' +
      '|invalidauthentication|unauthenticated|unauthorized|accountdeactivated|unsupportedcountryregionterritory)$'
  ),
  throttled: /^(?:ratelimit.*|toomanyrequests|resourceexhausted|throttl.*|requestlimitexceeded)$/,
  request:
    /^(?:invalidrequest.*|invalidargument|badrequest.*|(?:model)?notfound.*|unsupported.*|validationerror)$/
}

const WORDS: Record<keyof Signs['words'], RegExp> = {
  money: new RegExp(
    'insufficient (?:quota|balance|credits?|funds)|(?:out of|no|not enough|more|all available) credits' +
      // A refused content costs none.
      '(?! (?:were|was|have been|has been|are|will be) (?:charged|deducted|used|consumed|taken|billed))' +
      '|credit balance|(?:billing|spending|hard) limit|exceeded your current quota|budget has been exceeded' +
      '|payment required|plan and billing',
    'i'
  ),
  content: new RegExp(
    [
      'safety (?:system|filter|checker|reasons|polic)',
      'content[ _-]?(?:management |moderation |safety |usage )?(?:polic|filter|moderation)',
      '(?:input|prompt|request|content|image|output) (?:was|is|has been|were) flagged',
      'flagged (?:as|by|for) ',
      '(?:rejected|blocked|refused|filtered|violat\\w*|disallowed)[^.]{0,80}(?:moderation|safety|polic(?:y|ies))',
      '(?:moderation|safety)[^.]{0,40}(?:rejected|blocked|refused|violat)',
      'moderation block',
      'responsible ai',
      'sensitive (?:words|content)',
      '(?:inappropriate|prohibited|unsafe|harmful|disallowed) (?:content|prompt)',
      '\\bnsfw\\b',
      'guardrail'
    ].join('|'),
    'i'
  ),
  key: new RegExp(
    '(?:incorrect|invalid|no|missing|expired|revoked|wrong) (?:\\w+ )?(?:api|access|auth\\w*|subscription)[ _-]?key' +
      '|(?:api|access|subscription)[ _-]?key (?:is |was |has )?' +
      '(?:invalid|not valid|not found|expired|incorrect|revoked)',
    'i'
  ),
  account: new RegExp(
    '(?:account|resource|organi[sz]ation|project|user|subscription) (?:has been |is |was )?(?:temporarily )?' +
      '(?:blocked|suspended|deactivated|disabled|banned)',
    'i'
  )
}

const CODE_NAMES = new Set(
  'code type status reason reasons error error_code errorcode err_code kind category categories finish_reason'.split(
    ' '
  )
)
const WORD_NAMES = new Set(
  (
    'message messages msg detail details description error error_description error_message errormessage reason ' +
    'reasons raw title status_msg block_reason finish_message'
  ).split(' ')
)
/** Fields that repeat the request. The words of a prompt are no words of the provider. */
const ECHOES = new Set('input prompt flagged_input body request ctx url'.split(' '))
const MAX_DEPTH = 8
const MAX_TEXTS = 200
const MAX_CODE_CHARACTERS = 80
const MAX_WORDS_CHARACTERS = 4_000

interface Texts {
  codes: string[]
  words: string[]
  statuses: number[]
}

/** Reads a JSON body, and the JSON within its texts, as gateways pass on what they were sent. */
export function readSigns(body: unknown, text: string): Signs {
  const texts: Texts = { codes: [], words: [], statuses: [] }
  if (typeof body === 'object' && body !== null) collect(body, 'error', texts, 0)
  else if (typeof body === 'string') addText(body, 'error', texts, 0)
  // A page of a firewall is no sentence of the provider.
  else if (body === undefined && !/^\s*</.test(text)) addText(text, 'message', texts, 0)
  const codes = texts.codes.map((code) => code.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const words = texts.words.join('\n')
  return {
    status: texts.statuses[0],
    codes: mapValues(CODES, (pattern) => codes.some((code) => pattern.test(code))),
    words: mapValues(WORDS, (pattern) => pattern.test(words))
  }
}

function mapValues<K extends string>(patterns: Record<K, RegExp>, test: (pattern: RegExp) => boolean) {
  const entries = Object.entries<RegExp>(patterns).map(([name, pattern]) => [name, test(pattern)])
  return Object.fromEntries(entries) as Record<K, boolean>
}

function collect(value: unknown, name: string, texts: Texts, depth: number): void {
  if (depth > MAX_DEPTH || texts.codes.length + texts.words.length > MAX_TEXTS) return
  if (Array.isArray(value)) {
    for (const each of value) collect(each, name, texts, depth + 1)
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, inner] of Object.entries(value)) {
      const key = field.toLowerCase()
      if (!ECHOES.has(key)) collect(inner, key, texts, depth + 1)
    }
  } else if (typeof value === 'string') {
    addText(value, name, texts, depth)
  } else if (typeof value === 'number') {
    addStatus(value, name, texts)
  }
}

function addText(text: string, name: string, texts: Texts, depth: number): void {
  const short = text.trim().slice(0, MAX_WORDS_CHARACTERS)
  if (/^\d{3}$/.test(short)) addStatus(Number(short), name, texts)
  if (CODE_NAMES.has(name) && short.length <= MAX_CODE_CHARACTERS) texts.codes.push(short)
  if (WORD_NAMES.has(name)) {
    texts.words.push(short)
    const inner = jsonWithin(text)
    if (inner !== undefined) collect(inner, 'error', texts, depth + 1)
  }
}

function addStatus(status: number, name: string, texts: Texts): void {
  const isNamed = name === 'code' || name === 'status' || name === 'status_code' || name === 'http_code'
  if (isNamed && Number.isInteger(status) && status >= 400 && status < 600) texts.statuses.push(status)
}

/** The JSON object or list in a text, such as `AzureException - {"error":…}`. */
function jsonWithin(text: string): unknown {
  const begin = text.search(/[[{]/)
  if (begin < 0 || text.length > MAX_WORDS_CHARACTERS * 4) return undefined
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1
  try {
    return JSON.parse(text.slice(begin, end)) as unknown
  } catch {
    return undefined
  }
}

/** Whether a body says outside its error that its content was refused, or names in the error what was flagged. */
export function hasContentFlag(body: unknown, depth = 0): boolean {
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return false
  if (Array.isArray(body)) return body.slice(0, MAX_TEXTS).some((each) => hasContentFlag(each, depth + 1))
  return Object.entries(body).some(([field, value]) => {
    const key = field.toLowerCase()
    // `flagged_input` and `reasons` of OpenRouter, `filtered` of Azure, `respect_moderation` of xAI.
    if (key === 'flagged_input' || key === 'moderation_details') return true
    if (key === 'reasons') return Array.isArray(value) && value.length > 0
    if (key === 'filtered' || key === 'flagged' || key === 'moderated') return value === true
    if (key === 'respect_moderation') return value === false
    if (key === 'finish_reason' || key === 'finishreason') return isContentReason(value)
    return !ECHOES.has(key) && hasContentFlag(value, depth + 1)
  })
}

/** Whether a model stopped because of the content: `content_filter: PROHIBITED_CONTENT`, `SAFETY`, … */
export function isContentReason(reason: unknown): boolean {
  return typeof reason === 'string' && CODES.content.test(reason.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

/** Milliseconds that a body asks to wait: Google's `retryDelay: "32s"`, or `retry_after` in seconds. */
export function waitIn(body: unknown, depth = 0): number | undefined {
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return undefined
  for (const [field, value] of Object.entries(body)) {
    const [, seconds] = /^(?:retrydelay|retry_?after)$/i.test(field)
      ? (/^(\d+(?:\.\d+)?)s?$/.exec(String(value)) ?? [])
      : []
    const wait = seconds === undefined ? waitIn(value, depth + 1) : Number(seconds) * 1000
    if (wait !== undefined) return wait
  }
  return undefined
}
