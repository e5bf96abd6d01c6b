import { Type } from '@sinclair/typebox'
import { parseHeaders } from '../provider/headers.ts'
import { FAMILY_NAMES, parseSizes } from '../provider/models.ts'
import { parsePrices } from '../provider/prices.ts'
import { decoded, duration, httpUrl, numberOrNone, onOff, proxyUrl } from './decoders.ts'
import { wholeOrNone, wordOrNone, words } from './decoders.ts'
import { DURATION, HTTP_URL, NONE, setting } from './setting.ts'

const PROXY_URL = 'the URL of a proxy that begins with http:// or https://'
const QUALITIES = ['auto', 'low', 'medium', 'high', 'standard', 'hd'] as const
const HEADERS_EXAMPLE = '{"api-key": "<key>", "HTTP-Referer": "https://dalle.example"}'
const PRICES_EXAMPLE = '{"my-model": {"input": 5, "cachedInput": 1.25, "output": 30, "call": 0.2}}'

/** The settings of model providers: how they are reached, what they are asked for, and what may be spent. */
export const PROVIDER_SETTINGS = {
  OPENAI_API_KEY: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
    secret: true,
    defaultText: `${NONE}: the built-in artist draws`,
    description: 'Key of OpenAI or of a compatible server',
    expected: 'a key without blanks'
  }),
  OPENAI_BASE_URL: setting(httpUrl(), {
    default: 'https://api.openai.com/v1',
    description: 'Base URL of OpenAI or of a compatible server; a query such as ?api-version=… is kept',
    expected: HTTP_URL
  }),
  TB_DALLE_OPENAI_HEADERS: setting(Type.Optional(decoded(Type.String(), parseHeaders)), {
    secret: true,
    defaultText: NONE,
    description:
      `Headers of requests to the provider as JSON, such as ${HEADERS_EXAMPLE}; ` +
      '<key> in a value stands for the key, and null leaves a header out',
    expected: `a JSON object of header names and texts or null, such as ${HEADERS_EXAMPLE}`
  }),
  OPENAI_ORGANIZATION: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
    defaultText: NONE,
    description: 'Organization that requests are billed to, where the key belongs to several',
    expected: 'an identifier without blanks'
  }),
  OPENAI_PROJECT: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
    defaultText: NONE,
    description: 'Project that requests are billed to, where the key belongs to several',
    expected: 'an identifier without blanks'
  }),
  TB_DALLE_PROVIDERS: setting(Type.Optional(Type.String({ pattern: '^[^\\0]+$' })), {
    defaultText: `${NONE}: OPENAI_API_KEY and OPENAI_BASE_URL name the only one`,
    description: 'JSON file that lists several providers, in place of OPENAI_API_KEY and OPENAI_BASE_URL',
    expected: 'the path of a JSON file'
  }),
  HTTPS_PROXY: setting(Type.Optional(proxyUrl()), {
    secret: true,
    defaultText: 'HTTP_PROXY',
    description: 'URL of the proxy for https: URLs of the provider and of its images',
    expected: PROXY_URL
  }),
  HTTP_PROXY: setting(Type.Optional(proxyUrl()), {
    secret: true,
    defaultText: NONE,
    description: 'URL of the proxy for http: URLs of the provider and of its images',
    expected: PROXY_URL
  }),
  NO_PROXY: setting(Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.*:,_/\\[\\] -]+$' })), {
    defaultText: NONE,
    description: 'Hosts that are reached without a proxy, separated by commas, such as localhost,.internal',
    expected: 'host names with a comma between two'
  }),
  TB_DALLE_SKIP_IMAGE: setting(onOff(), {
    default: '0',
    description: '1 lets the built-in artist draw although a key is set',
    expected: '0 or 1'
  }),
  TB_DALLE_NO_ENHANCE: setting(onOff(), {
    default: '0',
    description: '1 draws from the plain prompt although a key is set',
    expected: '0 or 1'
  }),
  TB_DALLE_ENHANCEMENT_MODEL: setting(Type.String({ pattern: '^\\S+$' }), {
    default: 'gpt-5.4-mini',
    description: 'Language model that enhances prompts',
    expected: 'the name of a model'
  }),
  TB_DALLE_ENHANCEMENT_SEED: setting(wholeOrNone(), {
    default: '1337',
    description:
      'Seed of the language model, so that it enhances the same prompt in the same way; none sends none',
    expected: 'a whole number, 0 or more, or none'
  }),
  TB_DALLE_ENHANCEMENT_TEMPERATURE: setting(numberOrNone(2), {
    default: '0.2',
    description: 'Temperature of the language model; left out for models that refuse it; none sends none',
    expected: 'a number from 0 to 2, or none'
  }),
  TB_DALLE_ENHANCEMENT_URL: setting(Type.Optional(httpUrl()), {
    defaultText: '<OPENAI_BASE_URL>/chat/completions',
    description: 'Whole URL of the endpoint that enhances prompts',
    expected: HTTP_URL
  }),
  TB_DALLE_ENHANCEMENT_TIMEOUT: setting(duration(), {
    default: '60s',
    description: 'Longest time that the enhancement of a prompt may take',
    expected: DURATION
  }),
  TB_DALLE_IMAGE_MODEL: setting(Type.String({ pattern: '^\\S+$' }), {
    default: 'gpt-image-2',
    description: 'Image model that draws',
    expected: 'the name of a model'
  }),
  TB_DALLE_IMAGE_FAMILY: setting(Type.Optional(words(...FAMILY_NAMES)), {
    defaultText: 'by the name of the model',
    description:
      'Models whose parameters TB_DALLE_IMAGE_MODEL takes, where its name does not say it: ' +
      'dall-e-3, dall-e-2, gpt-image or compatible',
    expected: 'one of dall-e-3, dall-e-2, gpt-image and compatible'
  }),
  TB_DALLE_IMAGE_SIZES: setting(decoded(Type.String(), parseSizes), {
    default: 'square,landscape,portrait',
    description:
      'Sizes that the image model takes, separated by commas: ' +
      'square, landscape, portrait, or pixels such as 1024x1024; none leaves the size out',
    expected: 'square, landscape, portrait or sizes such as 1280x720, with a comma between two, or none'
  }),
  TB_DALLE_IMAGE_QUALITY: setting(wordOrNone(...QUALITIES), {
    default: 'high',
    description:
      'Quality of a drawing, which decides its price: auto, low, medium, high, standard or hd; none leaves it out',
    expected: 'one of auto, low, medium, high, standard and hd, or none'
  }),
  TB_DALLE_IMAGE_STYLE: setting(Type.Optional(words('vivid', 'natural')), {
    defaultText: NONE,
    description: 'Style, for models that have one (dall-e-3): vivid or natural',
    expected: 'vivid or natural'
  }),
  TB_DALLE_IMAGE_URL: setting(Type.Optional(httpUrl()), {
    defaultText: '<OPENAI_BASE_URL>/images/generations',
    description: 'Whole URL of the endpoint that draws',
    expected: HTTP_URL
  }),
  TB_DALLE_IMAGE_TIMEOUT: setting(duration(), {
    default: '300s',
    description: 'Longest time that one drawing may take',
    expected: DURATION
  }),
  TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: setting(onOff(), {
    default: '1',
    description:
      '0 never repeats a drawing whose answer was lost; 1 repeats it once, which may be billed twice',
    expected: '0 or 1'
  }),
  TB_DALLE_PARTIAL_IMAGES: setting(Type.Integer({ minimum: 0, maximum: 3 }), {
    default: 0,
    description: 'Unfinished images that the model sends while it draws, up to 3; each costs tokens',
    expected: 'a whole number from 0 to 3'
  }),
  TB_DALLE_FALLBACK: setting(words('off', 'local'), {
    default: 'off',
    description: 'local lets the built-in artist draw a stand-in while the provider is not available',
    expected: 'off or local'
  }),
  TB_DALLE_PRICES: setting(Type.Optional(decoded(Type.String(), parsePrices)), {
    defaultText: "those of OpenAI's models",
    description:
      `Prices of models in USD as JSON, for example {"my-model": {"call": 0.04}} or ${PRICES_EXAMPLE}: ` +
      'for a million tokens each, and for one call',
    expected: `JSON such as ${PRICES_EXAMPLE}, where only call is needed and no number is negative`
  }),
  TB_DALLE_DAILY_BUDGET_USD: setting(Type.Optional(Type.Number({ exclusiveMinimum: 0 })), {
    defaultText: NONE,
    description: 'USD that may be spent between two midnights UTC',
    expected: 'a number above 0'
  }),
  TB_DALLE_DAILY_IMAGE_LIMIT: setting(Type.Optional(Type.Integer({ minimum: 1 })), {
    defaultText: NONE,
    description: 'Images that may be bought between two midnights UTC',
    expected: 'a whole number, 1 or more'
  })
}
