/**
 * Who may do what: {@link dev.broadcast.node.security.Guard} decides about one request from its
 * head alone, {@link dev.broadcast.node.security.TokenAuthenticator} says whom a credential belongs
 * to. Knows neither HTTP server nor hub. Other kinds of credential are further authenticators, a
 * program's own are plug-ins.
 */
@NullMarked
package dev.broadcast.node.security;

import org.jspecify.annotations.NullMarked;
