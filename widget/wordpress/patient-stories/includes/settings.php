<?php
/**
 * The settings: where the stories are kept, and which website this is there.
 *
 * @package PatientStories
 */

defined( 'ABSPATH' ) || exit;

/**
 * The address of the service that keeps the stories, without a slash at its end; '' until it is set.
 */
function patient_stories_address(): string {
	return (string) get_option( 'patient_stories_address', '' );
}

/**
 * The key by which the service knows this website; '' where it needs none.
 */
function patient_stories_site_key(): string {
	return (string) get_option( 'patient_stories_site_key', '' );
}

/**
 * Declares both settings, with what may be in them.
 */
function patient_stories_register_settings(): void {
	register_setting(
		'patient_stories',
		'patient_stories_address',
		array(
			'type'              => 'string',
			'sanitize_callback' => 'patient_stories_clean_address',
			'default'           => '',
		)
	);
	register_setting(
		'patient_stories',
		'patient_stories_site_key',
		array(
			'type'              => 'string',
			'sanitize_callback' => 'patient_stories_clean_site_key',
			'default'           => '',
		)
	);
	add_settings_section( 'patient_stories', '', '__return_empty_string', 'patient_stories' );
	add_settings_field(
		'patient_stories_address',
		__( 'Address of the service', 'patient-stories' ),
		'patient_stories_show_field',
		'patient_stories',
		'patient_stories',
		array(
			'label_for' => 'patient_stories_address',
			'type'      => 'url',
			'hint'      => __( 'Where the stories are kept, such as https://stories.example. Whoever keeps them tells you.', 'patient-stories' ),
		)
	);
	add_settings_field(
		'patient_stories_site_key',
		__( 'Site key', 'patient-stories' ),
		'patient_stories_show_field',
		'patient_stories',
		'patient_stories',
		array(
			'label_for' => 'patient_stories_site_key',
			'type'      => 'text',
			'hint'      => __( 'Only if you were given one. It says which website a story was told on, where several share one address.', 'patient-stories' ),
		)
	);
}

/**
 * The address as it is kept: https (or http on this very machine), no query, no slash at the end. What is none
 * leaves the setting as it was, and says why.
 *
 * @param mixed $given What was typed.
 */
function patient_stories_clean_address( $given ): string {
	$text = trim( (string) $given );
	if ( '' === $text ) {
		return '';
	}
	$parts = wp_parse_url( $text );
	$host  = strtolower( $parts['host'] ?? '' );
	$here  = in_array( $host, array( 'localhost', '127.0.0.1', '[::1]' ), true ) || '.localhost' === substr( $host, -10 );
	// Without TLS anyone on the way could read what patients tell, and alter the script that asks them.
	$safe = 'https' === ( $parts['scheme'] ?? '' ) || ( 'http' === ( $parts['scheme'] ?? '' ) && $here );
	$more = array_intersect_key( (array) $parts, array_flip( array( 'user', 'pass', 'query', 'fragment' ) ) );
	if ( '' === $host || ! $safe || $more || esc_url_raw( $text ) !== $text ) {
		add_settings_error(
			'patient_stories_address',
			'patient_stories_address',
			__( 'Give an address that begins with https://, such as https://stories.example. Nothing was changed.', 'patient-stories' )
		);
		return patient_stories_address();
	}
	return untrailingslashit( $text );
}

/**
 * The site key as it is kept: small letters, digits and hyphens. What is none leaves the setting as it was.
 *
 * @param mixed $given What was typed.
 */
function patient_stories_clean_site_key( $given ): string {
	$text = trim( (string) $given );
	if ( '' !== $text && ! preg_match( '/^[a-z0-9-]{1,40}$/', $text ) ) {
		add_settings_error(
			'patient_stories_site_key',
			'patient_stories_site_key',
			__( 'A site key has small letters, digits and hyphens only. Nothing was changed.', 'patient-stories' )
		);
		return patient_stories_site_key();
	}
	return $text;
}

/**
 * Puts the page under Settings, for those who may change options.
 */
function patient_stories_add_settings_page(): void {
	add_options_page(
		__( 'Patient stories', 'patient-stories' ),
		__( 'Patient stories', 'patient-stories' ),
		'manage_options',
		'patient-stories',
		'patient_stories_show_settings_page'
	);
}

/**
 * One field of the settings page.
 *
 * @param array $field `label_for` (also the option's name), `type` and `hint`.
 */
function patient_stories_show_field( array $field ): void {
	$name = $field['label_for'];
	printf(
		'<input id="%1$s" name="%1$s" type="%2$s" class="regular-text code" value="%3$s" aria-describedby="%1$s-hint"><p class="description" id="%1$s-hint">%4$s</p>',
		esc_attr( $name ),
		esc_attr( $field['type'] ),
		esc_attr( (string) get_option( $name, '' ) ),
		esc_html( $field['hint'] )
	);
}

/**
 * The settings page, with what to do next.
 */
function patient_stories_show_settings_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	?>
	<div class="wrap">
		<h1><?php esc_html_e( 'Patient stories', 'patient-stories' ); ?></h1>
		<form action="options.php" method="post">
			<?php
			settings_fields( 'patient_stories' );
			do_settings_sections( 'patient_stories' );
			submit_button();
			?>
		</form>
		<?php if ( patient_stories_address() ) : ?>
			<h2><?php esc_html_e( 'Put stories on a page', 'patient-stories' ); ?></h2>
			<p><?php esc_html_e( 'In the editor, add the block “Patient stories” and choose the place. Or write a shortcode:', 'patient-stories' ); ?></p>
			<p><code>[patient-stories service="RXH01"]</code></p>
			<p>
				<?php esc_html_e( 'Or paste the address of a page of stories on a line of its own:', 'patient-stories' ); ?>
				<code><?php echo esc_html( patient_stories_address() . '/services/RXH01' ); ?></code>
			</p>
			<p>
				<?php
				/* translators: %s: this website's origin, such as https://www.hospital.example */
				echo esc_html( sprintf( __( 'Stories can be told here once whoever keeps them has allowed %s.', 'patient-stories' ), patient_stories_origin() ) );
				?>
			</p>
		<?php endif; ?>
	</div>
	<?php
}

/**
 * This website's origin, as browsers name it.
 */
function patient_stories_origin(): string {
	$parts = wp_parse_url( home_url() );
	$port  = isset( $parts['port'] ) ? ':' . $parts['port'] : '';
	return ( $parts['scheme'] ?? 'https' ) . '://' . ( $parts['host'] ?? '' ) . $port;
}

/**
 * A link to the settings beside the plugin's name.
 *
 * @param string[] $links Those that are there.
 */
function patient_stories_link_settings( array $links ): array {
	$link = sprintf(
		'<a href="%s">%s</a>',
		esc_url( admin_url( 'options-general.php?page=patient-stories' ) ),
		esc_html__( 'Settings', 'patient-stories' )
	);
	return array_merge( array( $link ), $links );
}

/**
 * What the website's privacy page may say of the stories.
 */
function patient_stories_suggest_privacy_text(): void {
	if ( ! patient_stories_address() ) {
		return;
	}
	wp_add_privacy_policy_content(
		__( 'Patient stories', 'patient-stories' ),
		sprintf(
			'<p>%s</p>',
			sprintf(
				/* translators: %s: the service's address */
				esc_html__( 'Pages that show patients’ stories load them from %s. What you tell there is sent to that service and not kept by this website. No cookie is set.', 'patient-stories' ),
				sprintf( '<a href="%1$s">%1$s</a>', esc_url( patient_stories_address() . '/about' ) )
			)
		)
	);
}
