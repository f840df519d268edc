/**
 * The block in the editor: choose the place, see the service's own frame. Plain JavaScript, not built.
 */
( function ( wp, known ) {
	const { InspectorControls, useBlockProps } = wp.blockEditor;
	const { CheckboxControl, ComboboxControl, Disabled, ExternalLink, PanelBody, Placeholder, SelectControl, TextControl } = wp.components;
	const { createElement: el, Fragment, useEffect, useState } = wp.element;
	const { useDebounce } = wp.compose;
	const { __, sprintf } = wp.i18n;
	const ICON = 'format-chat';

	/** The frame that shows what the block will show. */
	function frameOf( { service, topic, show, lang, theme, headingLevel, limit } ) {
		const given = { service, topic, show, lang, theme, 'heading-level': headingLevel, limit };
		const query = new URLSearchParams();
		for ( const name of Object.keys( given ) ) if ( given[ name ] ) query.append( name, given[ name ] );
		return `${ known.address }/embed?${ query }`;
	}

	/** Asks the service for places; [] when it does not answer. */
	async function ask( path ) {
		try {
			const response = await window.fetch( `${ known.address }/api/v1/services${ path }`, { credentials: 'omit' } );
			const answer = response.ok ? await response.json() : { items: [] };
			return ( answer.items || [ answer ] ).map( ( { code, name, town } ) => ( {
				value: code,
				label: [ name, town, code ].filter( Boolean ).join( ', ' ),
			} ) );
		} catch {
			return [];
		}
	}

	/** Finds a place by its name, town, postcode or code, in the service itself. */
	function Place( { code, onChoose } ) {
		const [ found, setFound ] = useState( [] );
		useEffect( () => {
			if ( code ) ask( `/${ encodeURIComponent( code ) }` ).then( setFound );
		}, [ code ] );
		const find = useDebounce( ( words ) => {
			if ( words.trim().length > 1 ) ask( `?q=${ encodeURIComponent( words ) }` ).then( setFound );
		}, 300 );
		const options = code && ! found.some( ( { value } ) => value === code ) ? [ { value: code, label: code }, ...found ] : found;
		return el( ComboboxControl, {
			label: __( 'Place', 'patient-stories' ),
			help: __( 'Type its name, town, postcode or code.', 'patient-stories' ),
			value: code || null,
			options,
			onChange: ( value ) => onChoose( value || '' ),
			onFilterValueChange: find,
		} );
	}

	/** A topic's short name: taken when it is whole, not letter by letter, since the frame goes there at once. */
	function Topic( { slug, onChoose } ) {
		const [ typed, setTyped ] = useState( slug );
		const choose = () => onChoose( typed.trim() );
		return el( TextControl, {
			label: __( 'Or a topic', 'patient-stories' ),
			help: __( 'For charities: a topic’s short name, such as multiple-sclerosis. It gathers stories across places.', 'patient-stories' ),
			value: typed,
			onChange: setTyped,
			onBlur: choose,
			onKeyDown: ( event ) => event.key === 'Enter' && choose(),
		} );
	}

	/** Which of the parts stand on the page; none ticked means the usual two. */
	function Parts( { show, onChoose } ) {
		const names = {
			form: __( 'The form to tell a story', 'patient-stories' ),
			stories: __( 'Stories', 'patient-stories' ),
			summary: __( 'A summary', 'patient-stories' ),
			changes: __( 'What was changed', 'patient-stories' ),
		};
		const chosen = ( show || 'form stories' ).split( ' ' );
		return Object.keys( names ).map( ( part ) =>
			el( CheckboxControl, {
				key: part,
				label: names[ part ],
				checked: chosen.includes( part ),
				onChange: ( on ) =>
					onChoose( Object.keys( names ).filter( ( name ) => ( name === part ? on : chosen.includes( name ) ) ).join( ' ' ) ),
			} )
		);
	}

	function Edit( { attributes, setAttributes } ) {
		const { service, topic, show, lang, theme, headingLevel, limit } = attributes;
		const set = ( name ) => ( value ) => setAttributes( { [ name ]: value } );
		const place = el( Place, { code: service, onChoose: set( 'service' ) } );
		const subject = el( Topic, { slug: topic, onChoose: set( 'topic' ) } );
		const controls = el(
			InspectorControls,
			{},
			el( PanelBody, { title: __( 'Whose stories', 'patient-stories' ) }, place, subject ),
			el( PanelBody, { title: __( 'What to show', 'patient-stories' ) }, el( Parts, { show, onChoose: set( 'show' ) } ) ),
			el(
				PanelBody,
				{ title: __( 'How it looks', 'patient-stories' ), initialOpen: false },
				el( SelectControl, {
					label: __( 'Colours', 'patient-stories' ),
					value: theme,
					options: [
						{ value: '', label: __( 'As the page and the device say', 'patient-stories' ) },
						{ value: 'light', label: __( 'Light', 'patient-stories' ) },
						{ value: 'dark', label: __( 'Dark', 'patient-stories' ) },
						{ value: 'page', label: __( 'The page’s own font and link colour', 'patient-stories' ) },
					],
					onChange: set( 'theme' ),
				} ),
				el( TextControl, {
					label: __( 'Language', 'patient-stories' ),
					help: __( 'A tag such as cy. Leave it empty for the language of the page.', 'patient-stories' ),
					value: lang,
					onChange: set( 'lang' ),
				} ),
				el( SelectControl, {
					label: __( 'Level of its heading', 'patient-stories' ),
					value: headingLevel || '2',
					options: [ '2', '3', '4', '5', '6' ].map( ( value ) => ( { value, label: value } ) ),
					onChange: set( 'headingLevel' ),
				} ),
				el( TextControl, {
					label: __( 'Stories at a time', 'patient-stories' ),
					type: 'number',
					min: 1,
					max: 50,
					value: limit,
					placeholder: '5',
					onChange: set( 'limit' ),
				} )
			)
		);
		let inside;
		if ( ! known.address ) {
			inside = el(
				Placeholder,
				{
					icon: ICON,
					label: __( 'Patient stories', 'patient-stories' ),
					instructions: __( 'First the address of the service must be set. An administrator of this website can do it.', 'patient-stories' ),
				},
				known.settings && el( ExternalLink, { href: known.settings }, __( 'Set it', 'patient-stories' ) )
			);
		} else if ( ! service && ! topic ) {
			inside = el( Placeholder, { icon: ICON, label: __( 'Patient stories', 'patient-stories' ) }, el( 'div', {}, place, subject ) );
		} else {
			inside = el(
				Disabled,
				{},
				el( 'iframe', {
					src: frameOf( attributes ),
					/* translators: %s: code of the place, or name of the topic */
					title: sprintf( __( 'Patients’ stories: %s', 'patient-stories' ), service || topic ),
					sandbox: 'allow-scripts',
					width: '100%',
					height: 600,
				} )
			);
		}
		return el( Fragment, {}, known.address && controls, el( 'div', useBlockProps(), inside ) );
	}

	wp.blocks.registerBlockType( 'tellback/patient-stories', { edit: Edit, save: () => null } );
} )( window.wp, window.patientStories );
