-- Each attempt is bound by a cookie of its own: nothing looks for those that share one.
drop index login_attempt_by_binding;
