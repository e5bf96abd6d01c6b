/** Shows only the values that contain what is typed above them. */
export function narrow(facet: Element): void {
  const text = facet.querySelector<HTMLInputElement>('.narrow')?.value.trim().toLowerCase() ?? ''
  for (const item of facet.querySelectorAll<HTMLElement>('li')) {
    const value = item.querySelector('span')?.textContent.toLowerCase() ?? ''
    item.hidden = !value.includes(text)
  }
}

/** The fields above long lists of values. */
export function watchNarrowing(form: Element): void {
  form.addEventListener('input', ({ target }) => {
    if (target instanceof Element && target.matches('.narrow')) narrow(target.closest('details')!)
  })
  form.addEventListener('keydown', (event) => {
    const isField = event.target instanceof Element && event.target.matches('.narrow')
    // The key would send the form, with what is chosen so far.
    if (isField && (event as KeyboardEvent).key === 'Enter') event.preventDefault()
  })
}
