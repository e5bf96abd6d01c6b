export interface Media {
  schema?: object
  example?: unknown
  examples?: Record<string, { value: unknown }>
}

export interface Parameter extends Media {
  name: string
  in: 'path' | 'query' | 'header'
  description?: string
  required?: boolean
}

export interface DocumentedResponse {
  description: string
  headers?: Record<string, object>
  content?: Record<string, Media>
}

/** One operation of the OpenAPI document. */
export interface Operation {
  method: string
  path: string
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, DocumentedResponse>
}

/** The document, as far as tests read it. */
export interface OpenApiDocument {
  openapi: string
  servers: Array<{ url: string }>
  tags: Array<{ name: string; description: string }>
  paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
}

/** All operations of a document. */
export function operationsIn({ paths }: OpenApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path }))
  )
}

/** The examples of a parameter or a body. */
export function examplesOf({ example, examples }: Media): unknown[] {
  return example === undefined ? Object.values(examples ?? {}).map(({ value }) => value) : [example]
}

/** A reference to a part of the document, as JSON Schema writes it. */
export function pointer(...keys: string[]): string {
  return `#/${keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
}
