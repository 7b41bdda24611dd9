// Shows each time as the visitor's clock does; as it was sent, in UTC, it stays as the title.
for (const element of document.querySelectorAll('time')) {
  element.title = element.textContent;
  element.textContent = new Date(element.dateTime).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
