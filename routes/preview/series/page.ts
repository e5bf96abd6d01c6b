import { html } from 'ghtml'
import type { ChangeRules } from '../actions.ts'
import type { Assets } from '../assets.ts'
import { renderHead, renderPageBar, renderTokenForm } from '../head.ts'

export interface SeriesPage {
  title: string
  /** HTML. */
  content: string
  assets: Assets
  needs: ChangeRules['needs']
}

const DESCRIPTION = 'The series of this server: what a picture may be made of.'

/** A page about series as HTML. It works without scripts, but for changes. */
export function renderSeriesPage({ title, content, assets, needs }: SeriesPage): string {
  const head = {
    title: `${title} – dalleserver`,
    description: DESCRIPTION,
    assets,
    styles: ['gallery.css', 'series.css'],
    script: 'series.js'
  }
  return html`<!doctype html>
<html lang="en">
!${renderHead(head)}
<body!${needs === 'token' ? ' data-token="missing"' : ''}>
<a class="skip" href="#content">Skip to the content</a>
!${renderPageBar(assets)}
<main id="content" class="series-page" tabindex="-1">
!${content}
!${renderReason(needs)}
</main>
<div id="toasts" role="status"></div>
</body>
</html>
`
}

function renderReason(needs: ChangeRules['needs']): string {
  if (needs === 'nothing') return ''
  if (needs === 'token') return renderTokenForm('change series')
  return html`<p class="notice">Series cannot be changed here: other machines reach this server, and it has no tokens.
Its operator sets TB_DALLE_API_TOKENS.</p>`
}
