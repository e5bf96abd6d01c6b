// The page of the HTTP interface, at /docs.
import { followTheme } from './theme.js'

/** Swagger UI, which the page loads before this module. */
declare const SwaggerUIBundle: ((options: object) => unknown) & { presets: { apis: unknown } }

interface Parameter {
  required?: boolean
  description?: string
  example?: unknown
  examples?: Record<string, { value: unknown }>
}

interface DocumentedResponse {
  headers?: Record<string, unknown>
  content?: unknown
}

interface Operation {
  parameters?: Parameter[]
  responses: Record<string, DocumentedResponse>
}

interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>
}

const place = document.querySelector<HTMLElement>('#docs')!

/**
 * Moves the examples of optional parameters to their descriptions. Swagger UI would fill them all in, so that one click
 * makes a picture anew and removes it.
 */
function leaveOptionalEmpty({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    if (parameter.required === true) continue
    const { example, examples = {} } = parameter
    const values = example === undefined ? Object.values(examples).map(({ value }) => value) : [example]
    const shown = values.map((value) => `\`${String(value)}\``).join(', ')
    parameter.description = `${parameter.description ?? ''} Example: ${shown}`
    delete parameter.example
    delete parameter.examples
  }
}

/** The responses that are shown with their headers and with an example. */
const SHOWN = /^20[0-4]$/

/**
 * Leaves out what is the same for many responses: Swagger UI would show an example of the envelope for each error, and
 * the header X-Request-ID for each response. The description of the service names both.
 */
function leaveRepetitionsOut({ responses }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    delete response.headers?.['X-Request-ID']
    if (SHOWN.test(status)) continue
    delete response.headers
    delete response.content
  }
}

// The name is Swagger UI's.
followTheme((theme) => document.documentElement.classList.toggle('dark-mode', theme === 'dark'))

const response = await fetch(place.dataset.document!)
const spec = (await response.json()) as OpenApiDocument
for (const operation of Object.values(spec.paths).flatMap((path) => Object.values(path))) {
  leaveOptionalEmpty(operation)
  leaveRepetitionsOut(operation)
}

/** For screen readers: names the list of servers, and sets the levels of headings. */
function nameParts(): void {
  place.querySelector('#servers')?.setAttribute('aria-label', 'Server')
  for (const heading of place.querySelectorAll('h4')) heading.setAttribute('aria-level', '3')
  for (const heading of place.querySelectorAll('h3.opblock-tag')) heading.setAttribute('aria-level', '2')
}

new MutationObserver(nameParts).observe(place, { childList: true, subtree: true })
SwaggerUIBundle({
  domNode: place,
  spec,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // By default it sends the document to a server of its makers.
  validatorUrl: null
})
