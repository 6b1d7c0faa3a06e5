/** A text as the value of an attribute. */
const attribute = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** The document of the page; everything in it is drawn by its script. `token` is '' where the user must bring one. */
export function pageDocument(token: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="factorwatch-token" content="${attribute(token)}">
<title>Factorwatch</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script type="module" src="/assets/main.js"></script>
</head>
<body>
<header>
<img src="/assets/icon.svg" alt="" width="24" height="24">
<h1>Factorwatch</h1>
<span class="muted">is this new MFA method the user's, or an attacker's?</span>
</header>
<nav id="tabs" aria-label="Views"></nav>
<main id="main"><noscript>This page needs its script.</noscript></main>
</body>
</html>
`;
}

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0f6cbd" d="M12 1 3 4.5v6.8c0 5.2 3.7 9.9 9 11.7 5.3-1.8 9-6.5 9-11.7V4.5z"/><circle cx="12" cy="10" r="3.2" fill="none" stroke="#fff" stroke-width="1.8"/><path d="M12 13.2V18m0-2h2.2" stroke="#fff" stroke-width="1.8" fill="none"/></svg>
`;
