// The page of the HTTP interface, at /docs.

/** Swagger UI, which the page loads before this module. */
declare const SwaggerUIBundle: ((options: object) => unknown) & { presets: { apis: unknown } }

interface Parameter {
  required?: boolean
  description?: string
  example?: unknown
  examples?: Record<string, { value: unknown }>
}

interface OpenApiDocument {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>
}

const place = document.querySelector<HTMLElement>('#docs')!

/**
 * Moves the examples of optional parameters to their descriptions. Swagger UI would fill them all in, so that one click
 * makes a picture anew and removes it.
 */
function leaveOptionalEmpty({ paths }: OpenApiDocument): void {
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  for (const parameter of operations.flatMap(({ parameters = [] }) => parameters)) {
    if (parameter.required === true) continue
    const { example, examples = {} } = parameter
    const values = example === undefined ? Object.values(examples).map(({ value }) => value) : [example]
    const shown = values.map((value) => `\`${String(value)}\``).join(', ')
    parameter.description = `${parameter.description ?? ''} Example: ${shown}`
    delete parameter.example
    delete parameter.examples
  }
}

const response = await fetch(place.dataset.document!)
const spec = (await response.json()) as OpenApiDocument
leaveOptionalEmpty(spec)

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
