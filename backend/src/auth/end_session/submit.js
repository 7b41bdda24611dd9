// Before the page has loaded, so that it leaves no entry in the history. Without scripts there is the button.
document.forms[0].submit();
