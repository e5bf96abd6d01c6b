// The page of the HTTP interface, at /docs.

/** Swagger UI, which the page loads before this module. */
declare const SwaggerUIBundle: ((options: object) => unknown) & { presets: { apis: unknown } }

const place = document.querySelector<HTMLElement>('#docs')!

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // By default it sends the document to a server of its makers.
  validatorUrl: null
})
